using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Steps whose arithmetic is done on the denoiser's device. As long as a batch has the same windows and rows, its latents and conditions
/// stay there: a step takes a few numbers per window with it, and noise if a sampler wants it, and brings nothing back. The tensors of a
/// number of rows keep their places, so that a call of the denoiser can be captured.
/// </summary>
/// <param name="denoiser">The part that runs at every step: latents, times, film and features to predictions.</param>
sealed class DeviceSteps(OnnxNetwork denoiser, OnnxOptions options, int maxRows) : IStepRunner
{
    readonly int length = StepPorts.RowLength(denoiser, StepPorts.Latent);
    readonly DeviceRows?[] rows = new DeviceRows?[maxRows + 1];              // by number of rows
    readonly Lazy<DeviceArithmetic> arithmetic = new(() => new(denoiser.Definition.Inputs, options));
    DeviceBatch? batch;

    public void Step(IReadOnlyList<SamplingWork> windows, CancellationToken cancellation)
    {
        if (batch?.Holds(windows) is false)
            BringBack(cancellation);
        try
        {
            batch ??= Begin(windows, cancellation);
            if (!batch.Step(cancellation))
                BringBack(cancellation);
        }
        catch
        {
            Drop();                                                          // a batch that fails is not gone on with
            throw;
        }
    }

    /// <summary>Runs the denoiser once on whatever the buffers hold, so that the device makes its kernels.</summary>
    public void WarmUp()
    {
        var warm = Rows(StepPorts.GuidedRows);
        arithmetic.Value.Load();
        warm.Denoise(CancellationToken.None);
    }

    public void Dispose()
    {
        Drop();
        foreach (var tensors in rows)
            tensors?.Dispose();
        if (arithmetic.IsValueCreated)
            arithmetic.Value.Dispose();
    }

    void BringBack(CancellationToken cancellation)
    {
        try
        {
            batch?.BringBack(cancellation);
        }
        catch
        {
            batch?.SetBack();                                                // others fail now, and these go on later
            throw;
        }
        finally
        {
            Drop();
        }
    }

    void Drop()
    {
        batch?.Dispose();
        batch = null;
    }

    DeviceBatch Begin(IReadOnlyList<SamplingWork> windows, CancellationToken cancellation)
    {
        WindowSampler[] samplers = [.. windows.Select(window => window.Sampler)];
        var begun = new DeviceBatch(samplers, Rows(samplers.Sum(sampler => sampler.Rows)), arithmetic.Value, length);
        try
        {
            begun.Begin(cancellation);
            return begun;
        }
        catch
        {
            begun.Dispose();
            throw;
        }
    }

    DeviceRows Rows(int count) => rows[count] ??= new(denoiser, count);
}
