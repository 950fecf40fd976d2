using Rewas.Client;
using Rewas.Clip;
using Rewas.Video;

namespace Rewas.Cli.Output;

static class VideoFactsLengths
{
    /// <summary>Number of values in the video's energy curve.</summary>
    public static int EnergyValues(this VideoFacts facts) => KnownEnergy.CountFor(ClipTiming.SamplesIn(facts.Duration));
}
