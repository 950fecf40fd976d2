using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Rewas.Clip.Faults;

namespace Rewas.Networks.Onnx;

/// <summary>
/// A network bound to input and output buffers. It runs one call at a time; several calls of the same network may run at once.
/// </summary>
/// <remarks>
/// On a device with its own memory, binding an input of this process copies it there. Changed inputs are therefore bound again before a
/// call, and unchanged inputs stay. A <see cref="DeviceTensor"/> is read and written where it is.
/// </remarks>
public sealed class OnnxCall : IDisposable
{
    readonly string network;
    readonly InferenceSession session;
    readonly OrtIoBinding binding;
    readonly RunOptions options = new();
    readonly List<OrtValue> pinned = [];
    readonly OrtValue?[] copied;
    readonly string[] inputNames;
    readonly Func<bool> run;

    internal OnnxCall(
        string network, InferenceSession session, string[] inputNames, ReadOnlySpan<CallTensor> inputs,
        string[] outputNames, ReadOnlySpan<CallTensor> outputs, bool copiesInputs, int? capturedGraph)
    {
        (this.network, this.session, binding) = (network, session, session.CreateIoBinding());
        (this.inputNames, copied) = (inputNames, new OrtValue?[inputs.Length]);
        run = RunBound;
        for (var i = 0; i < inputs.Length; i++)
        {
            var value = ValueOf(inputs[i]);
            binding.BindInput(inputNames[i], value);
            copied[i] = copiesInputs && inputs[i].Device is null ? value : null;
        }
        for (var i = 0; i < outputs.Length; i++)
            binding.BindOutput(outputNames[i], ValueOf(outputs[i]));
        if (capturedGraph is { } id)
            options.AddRunConfigEntry("gpu_graph_id", id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Runs the network on the current content of the input buffers and fills the output buffers.</summary>
    /// <param name="cancellation">Ends the call between two operations. The output buffers are then undefined.</param>
    /// <exception cref="InputFault">The buffers do not match each other or the network.</exception>
    public void Run(CancellationToken cancellation = default) => Run(inputNames.Length, cancellation);

    /// <summary>Runs the network when only the first inputs have changed since the previous call.</summary>
    /// <param name="changedInputs">Number of changed inputs. The others may be read with their previous content.</param>
    /// <param name="cancellation">Ends the call between two operations. The output buffers are then undefined.</param>
    /// <exception cref="InputFault">The buffers do not match each other or the network.</exception>
    public void Run(int changedInputs, CancellationToken cancellation)
    {
        for (var i = 0; i < changedInputs; i++)
            if (copied[i] is { } value)
                binding.BindInput(inputNames[i], value);
        options.Terminate = false;
        Cancellable.Run(network, options, run, cancellation);
    }

    public void Dispose()
    {
        binding.Dispose();
        options.Dispose();
        foreach (var value in pinned)
            value.Dispose();
    }

    bool RunBound()
    {
        session.RunWithBinding(options, binding);
        return true;
    }

    OrtValue ValueOf(CallTensor tensor)
    {
        if (tensor.Device is { } device)
            return device.Value;
        var value = HostMemory.Wrap(tensor.Host!);
        pinned.Add(value);
        return value;
    }
}
