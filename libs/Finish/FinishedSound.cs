using Rewas.Video;

namespace Rewas.Finish;

/// <summary>Sound as it goes into files.</summary>
/// <param name="Sound">Its samples; the file belongs to the caller's folder.</param>
/// <param name="Frames">Exactly as long as the picture.</param>
/// <param name="Report">How it came about.</param>
public sealed record FinishedSound(RawSound Sound, long Frames, FinishReport Report);

/// <summary>What was measured and done. Loudness after ITU-R BS.1770-4, LUFS; null for silence.</summary>
/// <param name="MixLoudness">Before the gain.</param>
/// <param name="GainDecibels">Applied to the whole.</param>
/// <param name="Loudness">Of the result.</param>
/// <param name="TruePeak">Of the result, dBTP; null for silence.</param>
/// <param name="Limited">Whether the limiter had to act.</param>
public sealed record FinishReport(double? MixLoudness, double GainDecibels, double? Loudness, double? TruePeak, bool Limited);
