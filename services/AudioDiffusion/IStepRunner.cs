namespace Rewas.AudioDiffusion;

/// <summary>Runs the denoiser and takes steps. Only the sampling thread uses it.</summary>
interface IStepRunner : IDisposable
{
    /// <summary>Takes the next step of several windows in one call of the denoiser.</summary>
    void Step(IReadOnlyList<SamplingWork> windows, CancellationToken cancellation);
}
