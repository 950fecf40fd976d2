using Rewas.AudioDiffusion;
using Rewas.Client;
using Rewas.EnergyPredictor;
using Rewas.Hosting;
using Rewas.Vocoder;

namespace Rewas.Cli.Serving;

/// <summary>
/// Loads the networks of the later stages while the first one still decodes the video. It begins when the first part of the video goes to a
/// stage. Where the energy is found in the cache nothing goes there, and perhaps nothing needs loading.
/// </summary>
/// <param name="stages">Makes what is loaded, in the order in which it is needed.</param>
sealed class LoadingAhead(IReadOnlyList<Func<ILoadable>> stages) : IAsyncDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly Lock gate = new();
    Task? loading;

    /// <summary>The stages of a host that come after the first.</summary>
    /// <param name="services">Of the host.</param>
    public static LoadingAhead Of(IServiceProvider services) =>
        new([
            services.GetRequiredService<FeaturesToEnergy>,
            services.GetRequiredService<EnergyToMel>,
            services.GetRequiredService<MelToWaveform>,
        ]);

    /// <summary>Progress that begins the loading and is passed on.</summary>
    public IProgress<GenerateProgress> Watch(IProgress<GenerateProgress> progress) => new Watched(this, progress);

    /// <summary>
    /// Ends after the network that is just being loaded: that cannot be broken off, and the process must not end meanwhile.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (loading is not null)
            await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    void Begin()
    {
        lock (gate)
            loading ??= Task.Factory.StartNew(LoadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What fails here fails again, and is told, when the stage is called.</summary>
    void LoadAll()
    {
        foreach (var stage in stages)
            if (!stop.IsCancellationRequested)
                stage().Load();
    }

    sealed class Watched(LoadingAhead ahead, IProgress<GenerateProgress> progress) : IProgress<GenerateProgress>
    {
        public void Report(GenerateProgress value)
        {
            if (value is GenerateProgress.Uploaded)
                ahead.Begin();
            progress.Report(value);
        }
    }
}
