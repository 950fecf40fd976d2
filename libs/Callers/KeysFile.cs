using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.Faults;

namespace Rewas.Callers;

/// <summary>A key as the file keeps it.</summary>
public sealed record KeyEntry
{
    /// <summary>Of <see cref="ApiKey"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is. Several keys may be one caller's.</summary>
    public required string Caller { get; init; }

    /// <summary>Of the whole key, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Null: it is not.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>See <see cref="MethodPatterns"/>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Names in Callers:Roles, whose methods are added.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Null: as Callers:Limits says.</summary>
    public CallerLimits? Limits { get; init; }
}

/// <summary>The file of API keys. It holds hashes alone, but decides who may call: nobody else may write it, nor read who calls.</summary>
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

    /// <summary>A caller's name is written into headers and logs, and a token's caller has a colon in it.</summary>
    public static bool IsCallerName(string name) => name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@');

    /// <summary>What is wrong with a file, or null.</summary>
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

    /// <exception cref="InputFault">It is not there, open to others, or not such a file.</exception>
    public static IReadOnlyList<KeyEntry> Read(string path)
    {
        if (FileStatus.Of(path, "keys") is null)
            throw InputFault.NotFound("keys", $"file '{path}' does not exist (`rewas keys create` makes it)");
        var file = InputFile.Find(path, "keys");
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & TooOpen) != 0)
            throw InputFault.Precondition("keys", $"'{path}' is open to other users (mode {Convert.ToString((int)file.UnixFileMode, 8)}): chmod 600, or 640 for a group");
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

    /// <summary>Replaces the file in one step, readable by this user alone.</summary>
    /// <exception cref="InputFault">An entry is wrong, or it cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<KeyEntry> entries)
    {
        ThrowIfWrong(path, entries);
        using var file = PartialFile.Create(path, "keys", FileStatus.Of(path, "keys") is { } replaced ? replaced.Mode & ~TooOpen : OwnerOnly);
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

    /// <summary>The file itself: a mounted secret is a link, and a change of it is another target.</summary>
    internal static FileInfo Target(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target : file;
    }

    static void ThrowIfWrong(string path, IReadOnlyList<KeyEntry> entries)
    {
        InputFault.ThrowIfAny([.. entries.SelectMany(EntryFaults).Select(fault => InputFault.Invalid("keys", $"'{path}': {fault}"))]);
        if (entries.GroupBy(entry => entry.Id).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw InputFault.Invalid("keys", $"'{path}': {twice.Key} is there {twice.Count()} times");
    }

    static IEnumerable<string> EntryFaults(KeyEntry entry)
    {
        if (!IsCallerName(entry.Caller))
            yield return $"{entry.Id}: caller must have 1 to {LongestName} letters, digits, '.', '-', '_' or '@', but is '{entry.Caller}'";
        if (entry.Sha256.Length != 64 || !entry.Sha256.All(char.IsAsciiHexDigitLower))
            yield return $"{entry.Id}: sha256 must be 64 lower-case hexadecimal digits";
        foreach (var fault in MethodPatterns.Faults($"{entry.Id}: methods", entry.Methods).Concat(entry.Limits?.Faults($"{entry.Id}: limits") ?? []))
            yield return fault;
    }

    sealed record Content(IReadOnlyList<KeyEntry> Keys);
}
