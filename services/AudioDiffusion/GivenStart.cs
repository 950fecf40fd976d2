using WindowControl = Rewas.Clip.WindowControl;

namespace Rewas.AudioDiffusion;

/// <summary>A start that comes with each window of energy. The caller has placed its recordings under the whole curve.</summary>
public sealed class GivenStart : SamplingStart
{
    public override StartingWindow Window(WindowControl control, long start, int candidate) => new(control.Starts[candidate]);
}
