namespace Rewas.Video;

/// <summary>What the header of a recording says. Not to be relied on: files lie.</summary>
/// <param name="Seconds">Length; null where the header does not say.</param>
/// <param name="SampleRate">Samples a second; 0 where there is only a picture.</param>
/// <param name="Channels">0 where there is only a picture.</param>
/// <param name="HasPicture">It has a moving picture; cover art is none.</param>
/// <param name="Tags">Of the file and of its sound: names as ffprobe gives them, and texts.</param>
public sealed record RecordingFacts(
    double? Seconds, int SampleRate, int Channels, bool HasPicture, IReadOnlyList<KeyValuePair<string, string>> Tags);
