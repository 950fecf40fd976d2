using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Hosting.Access;

/// <summary>A key as the file stores it.</summary>
public sealed record KeyEntry
{
    /// <summary><see cref="ApiKey.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The caller that owns the key. A caller may have several keys.</summary>
    public required string Caller { get; init; }

    /// <summary>SHA-256 of the whole key, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Null: not revoked.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Methods that the key may call; see <see cref="MethodPatterns"/>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Roles in Callers:Roles whose methods are added.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Null: Callers:Limits applies.</summary>
    public CallerLimits? Limits { get; init; }

    /// <summary>
    /// Whether the key is that of a service of the platform, which names the caller that it works for. Its calls then count as that
    /// caller's.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]         // gateways of an earlier release do not know it
    public bool ActsForCallers { get; init; }
}

/// <summary>
/// The file of API keys. It holds only hashes but decides who may call. So other users must be able neither to write it nor to read who
/// calls.
/// </summary>
public static class KeysFile
{
    const int LongestName = 64;
    const UnixFileMode TooOpen = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <summary>
    /// Whether a name is valid for a caller. Names go into headers and logs, and a colon is reserved for callers with tokens.
    /// </summary>
    public static bool IsCallerName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@');

    /// <summary>Describes what is wrong with a file; null if it is valid.</summary>
    public static string? Faults(string path)
    {
        try
        {
            Read(path);
            return null;
        }
        catch (InputFault fault)
        {
            return fault.Message;
        }
    }

    /// <exception cref="InputFault">The file is missing, open to other users, or not a valid file of keys.</exception>
    public static IReadOnlyList<KeyEntry> Read(string path)
    {
        if (FileStatus.Of(path, "keys") is null)
            throw InputFault.NotFound("keys", $"file '{path}' does not exist (`rewas keys create` makes it)");
        var file = InputFile.Find(path, "keys");
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & TooOpen) != 0)
            throw InputFault.Precondition(
                "keys",
                $"'{path}' is open to other users (mode {Convert.ToString((int)file.UnixFileMode, 8)}): chmod 600, or 640 for a group");
        try
        {
            using var stream = file.OpenRead();
            var entries = (JsonSerializer.Deserialize<Content>(stream, Json) ?? throw new JsonException("it is empty")).Keys;
            ThrowIfWrong(path, entries);
            return entries;
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading("keys", path, failure);
        }
        catch (JsonException e)
        {
            throw InputFault.Invalid("keys", $"'{path}' cannot be read as a file of keys: {e.Message}", e);
        }
    }

    /// <summary>Replaces the file atomically. Only this user can read it.</summary>
    /// <exception cref="InputFault">An entry is invalid, or the file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<KeyEntry> entries)
    {
        ThrowIfWrong(path, entries);
        var mode = FileStatus.Of(path, "keys") is { } replaced ? replaced.Mode & ~TooOpen : OwnerOnly;
        using var file = PartialFile.Create(path, "keys", mode);
        try
        {
            using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Write);
            JsonSerializer.Serialize(stream, new Content(entries), Json);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Writing("keys", path, failure);
        }
        file.Complete();
    }

    /// <summary>Resolves links: a mounted secret is a link, and a new secret is a new target.</summary>
    internal static FileInfo Target(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target : file;
    }

    static void ThrowIfWrong(string path, IReadOnlyList<KeyEntry> entries)
    {
        InputFault.ThrowIfAny([.. entries.SelectMany(EntryFaults).Select(fault => InputFault.Invalid("keys", $"'{path}': {fault}"))]);
        if (entries.GroupBy(entry => entry.Id).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw InputFault.Invalid("keys", $"'{path}': {twice.Key} occurs {twice.Count()} times");
    }

    static IEnumerable<string> EntryFaults(KeyEntry entry)
    {
        if (!IsCallerName(entry.Caller))
            yield return $"{entry.Id}: caller must have 1 to {LongestName} letters, digits, '.', '-', '_' or '@', but is '{entry.Caller}'";
        if (entry.Sha256.Length != 64 || !entry.Sha256.All(char.IsAsciiHexDigitLower))
            yield return $"{entry.Id}: sha256 must be 64 lower-case hexadecimal digits";
        foreach (var fault in MethodPatterns.Faults($"{entry.Id}: methods", entry.Methods)
            .Concat(entry.Limits?.Faults($"{entry.Id}: limits") ?? []))
            yield return fault;
    }

    sealed record Content(IReadOnlyList<KeyEntry> Keys);
}
