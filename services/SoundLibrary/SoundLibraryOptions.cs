using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Rewas.Library;
using Rewas.Library.Limits;

namespace Rewas.SoundLibrary;

/// <summary>Location of the index, and what callers may index. Configuration section "SoundLibrary".</summary>
public sealed record SoundLibraryOptions
{
    /// <summary>Folder of the index. Default: empty, the user's own (<see cref="LibraryPlace.Folder"/>).</summary>
    public string Folder { get; init; } = "";

    /// <summary>
    /// Folder below which callers may index and forget. Default: empty, none. Callers can always search and list recordings that the user
    /// has indexed.
    /// </summary>
    public string ReadableFolder { get; init; } = "";

    /// <summary>Longest recording. Default 2 hours, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Largest recording in bytes. Default 8 GiB, 1 KiB to 1 TiB.</summary>
    [Range(1L << 10, 1L << 40)]
    public long MaxBytes { get; init; } = 8L << 30;

    internal string FolderPath => Folder.Length > 0 ? Path.GetFullPath(Folder) : LibraryPlace.Folder;

    internal LibraryLimits Limits => new() { MaxDuration = MaxDuration, MaxBytes = MaxBytes };
}

/// <summary>Checks the options that are not plain ranges. All faults are reported together when the service starts.</summary>
sealed class SoundLibraryOptionsValidator : IValidateOptions<SoundLibraryOptions>
{
    public ValidateOptionsResult Validate(string? name, SoundLibraryOptions options) =>
        options.ReadableFolder.Length > 0 && !Directory.Exists(options.ReadableFolder)
            ? ValidateOptionsResult.Fail($"SoundLibrary:ReadableFolder: '{options.ReadableFolder}' does not exist")
            : ValidateOptionsResult.Success;
}
