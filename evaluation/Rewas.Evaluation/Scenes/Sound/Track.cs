using Rewas.Clip;

namespace Rewas.Evaluation.Scenes.Sound;

/// <summary>The sound under construction, 16 kHz mono. Sources add to it.</summary>
sealed class Track(double seconds)
{
    public const int Rate = ClipTiming.SampleRate;

    public float[] Samples { get; } = new float[(int)Math.Round(seconds * Rate)];

    /// <summary>Index of the sample at a time; may lie outside the track.</summary>
    public static int At(double time) => (int)Math.Round(time * Rate);
}
