namespace Rewas.Sound.Mel;

/// <summary>
/// The input of Synchformer's sound branch: the log mel of each segment. Power spectrum at 16 kHz, Hann windows of 400 samples in frames
/// of 1024 on every 160th sample (reflect padding 512), 128 bins of HTK from 0 to 8000 Hz, ln(power + 1e-6), one frame of 0 at the end, and
/// the mean and twice the deviation of AudioSet.
/// </summary>
/// <remarks>Matches torchaudio as Synchformer uses it (Iashin et al. 2024, arXiv 2401.16423). Thread-safe.</remarks>
public static class SyncMelSpectrogram
{
    public const int SampleRate = 16_000;
    public const int MelBins = 128;

    /// <summary>Frames of a segment: 65, and one of padding.</summary>
    public const int Frames = 66;

    /// <summary>0.64 s: 16 frames of a film at 25 frames per second. The next segment starts in the middle of it.</summary>
    public const int SegmentSamples = 10_240, SegmentStep = SegmentSamples / 2;

    const int FrameSamples = 1024;
    const float Least = 1e-6f, Mean = -4.2677393f, TwiceDeviation = 2 * 4.5689974f;

    static readonly MelTransform Transform = new(new(
        SampleRate, FrameSamples, HopSamples: 160, PaddingSamples: FrameSamples / 2, MelBins,
        LowestHertz: 0, HighestHertz: 8000, OfPower: true)
    {
        WindowSamples = 400,
        IsHtk = true,
    });

    /// <summary>Number of segments in a sound.</summary>
    /// <param name="samples">Number of samples.</param>
    public static int SegmentsIn(int samples) => samples < SegmentSamples ? 0 : (samples - SegmentSamples) / SegmentStep + 1;

    /// <summary>Log mel of one segment: [66, 128], row-major.</summary>
    /// <param name="segment">[10240], 16 kHz.</param>
    public static float[] LogMel(ReadOnlySpan<float> segment)
    {
        if (segment.Length != SegmentSamples)
            throw new ArgumentException($"a segment has {SegmentSamples} samples, but {segment.Length} were given", nameof(segment));
        var mel = new float[Frames * MelBins];
        var heard = mel.AsSpan(0, (Frames - 1) * MelBins);
        Transform.Mel(segment, heard);
        foreach (ref var value in heard)
            value = MathF.Log(value + Least);
        foreach (ref var value in mel.AsSpan())
            value = (value - Mean) / TwiceDeviation;
        return mel;
    }
}
