using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Hosting;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Counts the open requests, and those of each caller. An open request that sends nothing costs little, so there may be many more than the
/// queue has places.
/// </summary>
public sealed class OpenRequests(IOptions<AudioDiffusionOptions> configured)
{
    readonly SharedPlaces places = new(
        "queue", (configured.Value.MaxOpenRequests, nameof(AudioDiffusionOptions.MaxOpenRequests)),
        (configured.Value.MaxRequestsPerCaller, nameof(AudioDiffusionOptions.MaxRequestsPerCaller)));

    /// <summary>Counts a request until disposal.</summary>
    /// <exception cref="InputFault">Exhausted: too many are open, or too many of this caller.</exception>
    public IDisposable Enter(string caller) => places.Enter(caller);
}
