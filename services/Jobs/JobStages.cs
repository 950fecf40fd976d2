using Microsoft.Extensions.Options;
using Rewas.Client;

namespace Rewas.Jobs;

/// <summary>The stages that make the sound, and the studio that has the uploaded videos.</summary>
public sealed class JobStages : IDisposable
{
    readonly RewasClient? elsewhere;

    /// <param name="options">Their addresses.</param>
    /// <param name="sockets">Of stages in this process: theirs as long as this is used.</param>
    public JobStages(IOptions<JobsOptions> options, IEnumerable<PrivateSocket> sockets)
    {
        _ = sockets.Count();
        Client = RewasClient.Connect(new Uri(options.Value.Stages));
        elsewhere = options.Value.Studio.Length > 0 ? RewasClient.Connect(new Uri(options.Value.Studio)) : null;
    }

    public RewasClient Client { get; }

    public V1.SoundStudio.SoundStudioClient Studio => (elsewhere ?? Client).Studio;

    public void Dispose()
    {
        Client.Dispose();
        elsewhere?.Dispose();
    }
}
