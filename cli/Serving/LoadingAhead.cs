using Rewas.AudioDiffusion;
using Rewas.Client;
using Rewas.EnergyPredictor;
using Rewas.Hosting;
using Rewas.Vocoder;

namespace Rewas.Cli.Serving;

/// <summary>
/// Loads the networks of the later stages while the first stage still decodes the video. Loading starts when the first part of the video
/// reaches a stage. If the energy is cached, no part does, and maybe nothing needs loading.
/// </summary>
/// <param name="stages">The networks to load, in the order of use.</param>
sealed class LoadingAhead(IReadOnlyList<Func<ILoadable>> stages) : IAsyncDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly Lock gate = new();
    Task? loading;

    /// <summary>The stages of a host after the first one.</summary>
    public static LoadingAhead Of(IServiceProvider services) =>
        new([
            services.GetRequiredService<FeaturesToEnergy>,
            services.GetRequiredService<EnergyToMel>,
            services.GetRequiredService<MelToWaveform>,
        ]);

    /// <summary>Progress that starts the loading and is passed on.</summary>
    /// <param name="texts">What will be asked for.</param>
    public IProgress<GenerateProgress> Watch(IProgress<GenerateProgress> progress, IReadOnlyList<string> texts) =>
        new Watched(this, progress, texts);

    /// <summary>
    /// Waits for the network that is being loaded. Loading cannot be interrupted, and the process must not end during it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (loading is not null)
            await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    void Begin(IReadOnlyList<string> texts)
    {
        lock (gate)
            loading ??= Task.Factory.StartNew(
                () => LoadAll(texts), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>A failure here is ignored. It happens again, and is reported, when the stage is called.</summary>
    void LoadAll(IReadOnlyList<string> texts)
    {
        foreach (var stage in stages)
            if (!stop.IsCancellationRequested)
                stage().Load(texts);
    }

    sealed class Watched(LoadingAhead ahead, IProgress<GenerateProgress> progress, IReadOnlyList<string> texts)
        : IProgress<GenerateProgress>
    {
        public void Report(GenerateProgress value)
        {
            if (value is GenerateProgress.Uploaded)
                ahead.Begin(texts);
            progress.Report(value);
        }
    }
}
