namespace Rewas.Library.Scanning;

/// <summary>A recording of the library.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Sha256">Hash of its bytes, lower-case hexadecimal.</param>
/// <param name="SampleRate">Samples per second.</param>
/// <param name="Channels">At least 1.</param>
/// <param name="Loudness">Loudness of its beginning, LUFS (ITU-R BS.1770-4). Null for silence. With more than two channels, their mean is
/// measured.</param>
/// <param name="OnsetsPerSecond">Measured in its beginning.</param>
/// <param name="Words">Words of the file name.</param>
/// <param name="Tags">Texts of its tags.</param>
/// <param name="IsMissing">True if the last run over its folder did not find it.</param>
public sealed record IndexedSound(
    string Path, string Sha256, double Seconds, int SampleRate, int Channels, double? Loudness, double OnsetsPerSecond, string Words,
    string Tags, bool IsMissing = false);

/// <summary>A file that is not in the library, with the reason.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Reason">One line.</param>
public sealed record RefusedFile(string Path, string Reason);
