using System.ComponentModel;
using Rewas.V1;

namespace Rewas.Gateway.Web.Library;

/// <summary>A recording of the server's library.</summary>
sealed record LibrarySoundView
{
    [Description("SHA-256 of its file, lower-case hexadecimal. It names the recording in other calls.")]
    public required string Id { get; init; }

    [Description("The name of the recording in the option reference: library: and the id.")]
    public required string Reference { get; init; }

    [Description("Name of its file, without folders.")]
    public required string Name { get; init; }

    [Description("Texts of its tags. They come from the file: show them as text.")]
    public required string Tags { get; init; }

    public required double Seconds { get; init; }

    public required int SampleRate { get; init; }

    public required int Channels { get; init; }

    [Description("Loudness of its first 30 s, LUFS; absent for silence.")]
    public double? Loudness { get; init; }

    [Description("Onsets per second in its first 30 s.")]
    public required double Onsets { get; init; }

    [Description("Address of its bytes.")]
    public required string Content { get; init; }

    [Description("How well it matches, 0 to 1, comparable within one search; absent in a list.")]
    public double? Score { get; init; }

    [Description("Words of the search that its name, folders or tags have; absent in a list.")]
    public IReadOnlyList<string>? Words { get; init; }

    [Description("How closely its energy follows the picture's curve, 0 to 1; absent without a file.")]
    public double? Fit { get; init; }

    public static LibrarySoundView Of(LibrarySound sound) => new()
    {
        Id = sound.Sha256,
        Reference = Sounds.SoundReader.OfLibrary + sound.Sha256,
        Name = NameOf(sound),
        Tags = sound.Tags,
        Seconds = sound.Seconds,
        SampleRate = sound.SampleRate,
        Channels = sound.Channels,
        Loudness = sound.HasLoudness ? sound.Loudness : null,
        Onsets = sound.Onsets,
        Content = $"/v1/library/sounds/{sound.Sha256}/content",
    };

    public static LibrarySoundView Of(FoundSound found) => Of(found.Sound) with
    {
        Score = found.Score,
        Words = found.Words,
        Fit = found.Fit?.Total,
    };

    /// <summary>The path is the server's, which may be another system's.</summary>
    public static string NameOf(LibrarySound sound) => sound.Path[(sound.Path.LastIndexOfAny(['/', '\\']) + 1)..];
}

/// <param name="Data">The best first; without a search, in the order of their paths.</param>
/// <param name="NextPage">Give it as page for the next recordings; absent on the last page and after a search.</param>
sealed record LibrarySoundList(IReadOnlyList<LibrarySoundView> Data, string? NextPage = null);
