using Rewas.Video;

namespace Rewas.Rendering.Finishing;

/// <summary>Sound in its final form.</summary>
/// <param name="Sound">The samples. The caller owns their folder.</param>
/// <param name="Frames">Number of frames. The sound lasts as long as the picture.</param>
public sealed record FinishedSound(RawSound Sound, long Frames, FinishReport Report);

/// <summary>Measurements and processing. Loudness after ITU-R BS.1770-4, LUFS; null for silence.</summary>
/// <param name="MixLoudness">Loudness before the gain.</param>
/// <param name="Loudness">Loudness of the result.</param>
/// <param name="TruePeak">True peak of the result, dBTP; null for silence.</param>
/// <param name="Limited">Whether the limiter was active.</param>
public sealed record FinishReport(double? MixLoudness, double GainDecibels, double? Loudness, double? TruePeak, bool Limited);
