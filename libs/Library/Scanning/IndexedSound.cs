namespace Rewas.Library.Scanning;

/// <summary>A recording of the library.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal.</param>
/// <param name="Seconds">Length.</param>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="Channels">At least 1.</param>
/// <param name="Loudness">LUFS of its beginning (ITU-R BS.1770-4; of the mean of the channels where there are more than two); null for
/// silence.</param>
/// <param name="OnsetsPerSecond">How often something sets in, in its beginning.</param>
/// <param name="Words">What its name says.</param>
/// <param name="Tags">What its tags say.</param>
/// <param name="IsMissing">It was not there when its folder was last indexed.</param>
public sealed record IndexedSound(
    string Path, string Sha256, double Seconds, int SampleRate, int Channels, double? Loudness, double OnsetsPerSecond, string Words,
    string Tags, bool IsMissing = false);

/// <summary>A file that is not in the library, and why.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Reason">One line.</param>
public sealed record RefusedFile(string Path, string Reason);
