using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Clip.Faults;
using Rewas.Hosting.Access;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas keys</c>: manages the callers of a gateway. The file holds hashes. A key is shown once, when it is made.</summary>
static class KeysCommand
{
    const int MostDays = 3650;

    static readonly Option<string> File = new("--file", "-f")
    {
        Description = "file of keys: Callers:KeysFile of the gateway",
        HelpName = "FILE",
        DefaultValueFactory = _ => "keys.json",
    };
    static readonly Argument<string> Caller = new("caller") { Description = "owner of the key: letters, digits, '.', '-', '_', '@'" };
    static readonly Option<string[]> Methods = new("--method", "-m")
    {
        Description = "allowed calls: *, SERVICE/* or SERVICE/METHOD; may be repeated [default: *, unless a role is given]",
        HelpName = "PATTERN",
    };
    static readonly Option<string[]> Roles = new("--role", "-r")
    {
        Description = "a role of Callers:Roles; may be repeated",
        HelpName = "ROLE",
    };
    static readonly Option<int?> Days = new("--days", "-d")
    {
        Description = $"days until it expires, 1 to {MostDays} [default: never]",
        HelpName = "DAYS",
    };
    static readonly Option<int?> Concurrent = new("--concurrent-calls") { Description = "most calls in progress", HelpName = "N" };
    static readonly Option<int?> PerSecond = new("--calls-per-second")
    {
        Description = "most calls started per second, on average",
        HelpName = "N",
    };
    static readonly Option<int?> PerDay = new("--calls-per-day") { Description = "most calls started within 24 hours", HelpName = "N" };
    static readonly Option<long?> BytesPerDay = new("--upload-bytes-per-day")
    {
        Description = "most bytes sent within 24 hours",
        HelpName = "BYTES",
    };
    static readonly Option<bool> ActsForCallers = new("--acts-for-callers")
    {
        Description = "the key is a service's, which names the caller that it works for; its calls count as that caller's",
    };
    static readonly Argument<string> Id = new("id") { Description = "id of the key, from `rewas keys list`" };

    public static Command Create() =>
        new("keys", "API keys for callers of a gateway, or of `rewas serve`.") { CreateKey(), List(), Revoke() };

    static Command CreateKey()
    {
        var command = new Command("create", """
            Makes a key and shows it once. Callers send it as `authorization: Bearer KEY`. This program reads its own key from
            REWAS_API_KEY.

            Examples:
              rewas keys create editor --file keys.json --method 'rewas.v1.SoundStudio/*' --days 90
              rewas serve -- --Callers:KeysFile=keys.json
            """)
        {
            Caller, File, Methods, Roles, Days, Concurrent, PerSecond, PerDay, BytesPerDay, ActsForCallers,
        };
        command.SetAction(CommandAction.Of((arguments, _) =>
        {
            var (path, key, now) = (arguments.GetRequiredValue(File), ApiKey.New(), DateTimeOffset.UtcNow);
            string[] methods = arguments.GetValue(Methods) ?? [], roles = arguments.GetValue(Roles) ?? [];
            var days = arguments.GetValue(Days);
            if (days is < 1 or > MostDays)
                throw InputFault.Invalid("days", $"must be from 1 to {MostDays}, but is {days}");
            var entry = new KeyEntry
            {
                Id = key.Id,
                Caller = arguments.GetRequiredValue(Caller),
                Sha256 = Convert.ToHexStringLower(key.Hash()),
                Created = now,
                Expires = days is { } count ? now.AddDays(count) : null,
                Methods = methods.Length == 0 && roles.Length == 0 ? ["*"] : methods,
                Roles = roles,
                Limits = Limits(arguments),
                ActsForCallers = arguments.GetValue(ActsForCallers),
            };
            KeysFile.Write(path, [.. ReadOrEmpty(path), entry]);
            Console.WriteLine(key.Text);
            Console.Error.WriteLine($"key {key.Id} of {entry.Caller} is in {path} as a hash; the key is not shown again");
            return Task.FromResult(0);
        }));
        return command;
    }

    static Command List()
    {
        var command = new Command("list", "Lists the keys of a file, without their secrets.") { File, SharedOptions.Json };
        command.SetAction(CommandAction.Of((arguments, _) =>
        {
            var entries = KeysFile.Read(arguments.GetRequiredValue(File));
            if (arguments.GetValue(SharedOptions.Json))
                Console.WriteLine(JsonSerializer.Serialize(
                    entries.Select(e => new
                    {
                        e.Id,
                        e.Caller,
                        e.Created,
                        e.Expires,
                        e.Revoked,
                        e.Methods,
                        e.Roles,
                        e.Limits,
                        e.ActsForCallers,
                    }),
                    JsonSerializerOptions.Web));
            else
                foreach (var entry in entries)
                    Console.WriteLine(
                        $"{entry.Id}  {entry.Caller,-20}  {State(entry),-20}  "
                        + $"{string.Join(' ', entry.Methods.Concat(entry.Roles.Select(role => $"role:{role}")))}");
            return Task.FromResult(0);
        }));
        return command;
    }

    static Command Revoke()
    {
        var command = new Command("revoke", "Revokes a key; a running gateway refuses it within seconds.") { Id, File };
        command.SetAction(CommandAction.Of((arguments, _) =>
        {
            var (path, id) = (arguments.GetRequiredValue(File), arguments.GetRequiredValue(Id));
            var entries = KeysFile.Read(path);
            if (!entries.Any(entry => entry.Id == id))
                throw InputFault.NotFound("id", $"'{path}' has no key '{id}'");
            KeysFile.Write(
                path,
                [.. entries.Select(entry => entry.Id == id ? entry with { Revoked = entry.Revoked ?? DateTimeOffset.UtcNow } : entry)]);
            Console.WriteLine($"{id} is revoked");
            return Task.FromResult(0);
        }));
        return command;
    }

    static IReadOnlyList<KeyEntry> ReadOrEmpty(string path) => System.IO.File.Exists(path) ? KeysFile.Read(path) : [];

    /// <summary>The limits given; null if none is given, and the gateway's defaults apply.</summary>
    static CallerLimits? Limits(ParseResult arguments)
    {
        var (concurrent, perSecond, perDay, bytes) = (
            arguments.GetValue(Concurrent), arguments.GetValue(PerSecond), arguments.GetValue(PerDay), arguments.GetValue(BytesPerDay));
        if (concurrent is null && perSecond is null && perDay is null && bytes is null)
            return null;
        var usual = new CallerLimits();
        return usual with
        {
            ConcurrentCalls = concurrent ?? usual.ConcurrentCalls,
            CallsPerSecond = perSecond ?? usual.CallsPerSecond,
            CallsPerDay = perDay ?? usual.CallsPerDay,
            UploadBytesPerDay = bytes ?? usual.UploadBytesPerDay,
        };
    }

    static string State(KeyEntry entry) =>
        entry.Revoked is { } revoked ? $"revoked {Day(revoked)}"
        : entry.Expires is not { } expires ? "valid"
        : expires <= DateTimeOffset.UtcNow ? $"expired {Day(expires)}" : $"until {Day(expires)}";

    static string Day(DateTimeOffset when) => when.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
