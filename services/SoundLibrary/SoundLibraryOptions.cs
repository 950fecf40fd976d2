using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Rewas.Library;
using Rewas.Library.Limits;

namespace Rewas.SoundLibrary;

/// <summary>Where the index lies and what callers may have indexed. Configuration section "SoundLibrary".</summary>
public sealed record SoundLibraryOptions
{
    /// <summary>Where the index lies. Empty, the default: the user's own (<see cref="LibraryPlace.Folder"/>).</summary>
    public string Folder { get; init; } = "";

    /// <summary>
    /// Folders below it may be indexed and forgotten by callers. Empty, the default: none; what the user has indexed is found and listed
    /// all the same.
    /// </summary>
    public string ReadableFolder { get; init; } = "";

    /// <summary>Longest recording. Default 2 hours, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Bytes of one recording. Default 8 GiB, 1 KiB to 1 TiB.</summary>
    [Range(1L << 10, 1L << 40)]
    public long MaxBytes { get; init; } = 8L << 30;

    internal string FolderPath => Folder.Length > 0 ? Path.GetFullPath(Folder) : LibraryPlace.Folder;

    internal LibraryLimits Limits => new() { MaxDuration = MaxDuration, MaxBytes = MaxBytes };
}

/// <summary>Faults of <see cref="SoundLibraryOptions"/> that are not ranges, reported with those when the service starts.</summary>
sealed class SoundLibraryOptionsValidator : IValidateOptions<SoundLibraryOptions>
{
    public ValidateOptionsResult Validate(string? name, SoundLibraryOptions options) =>
        options.ReadableFolder.Length > 0 && !Directory.Exists(options.ReadableFolder)
            ? ValidateOptionsResult.Fail($"SoundLibrary:ReadableFolder: '{options.ReadableFolder}' does not exist")
            : ValidateOptionsResult.Success;
}
