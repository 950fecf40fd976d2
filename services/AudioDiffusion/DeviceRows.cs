using Rewas.Networks.Onnx;

namespace Rewas.AudioDiffusion;

/// <summary>The tensors of a denoiser call with a certain number of rows, on its device, and the call.</summary>
sealed class DeviceRows : IDisposable
{
    readonly OnnxCall call;

    public DeviceRows(OnnxNetwork denoiser, int count)
    {
        Count = count;
        Inputs = [.. denoiser.Definition.Inputs.Select(port => denoiser.Allocate(port.Type, StepPorts.Shape(port, count)))];
        var output = denoiser.Definition.Outputs[0];
        Predicted = denoiser.Allocate(output.Type, StepPorts.Shape(output, count));
        call = denoiser.Bind([.. Inputs], [Predicted], capturedGraph: count);
    }

    public int Count { get; }

    /// <summary>As in <see cref="StepPorts"/>.</summary>
    public DeviceTensor[] Inputs { get; }

    public DeviceTensor Predicted { get; }

    public void Denoise(CancellationToken cancellation) => call.Run(cancellation);

    public void Dispose()
    {
        call.Dispose();
        foreach (var input in Inputs)
            input.Dispose();
        Predicted.Dispose();
    }
}
