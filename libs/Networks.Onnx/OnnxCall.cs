using Microsoft.ML.OnnxRuntime;
using Rewas.Clip;
using Rewas.Clip.Faults;

namespace Rewas.Networks.Onnx;

/// <summary>
/// A network bound to input and output buffers. It runs one call at a time; several calls of the same network may run at once.
/// </summary>
/// <remarks>
/// On a device with its own memory, binding an input copies it there. Changed inputs are therefore bound again before a call, and unchanged
/// inputs stay.
/// </remarks>
public sealed class OnnxCall : IDisposable
{
    readonly string network;
    readonly InferenceSession session;
    readonly OrtIoBinding binding;
    readonly RunOptions options = new();
    readonly List<OrtValue> pinned = [];
    readonly string[] inputNames;
    readonly bool copiesInputs;
    readonly Func<bool> run;

    internal OnnxCall(
        string network, InferenceSession session, string[] inputNames, ReadOnlySpan<HostTensor> inputs,
        string[] outputNames, ReadOnlySpan<HostTensor> outputs,
        bool copiesInputs = false)
    {
        (this.network, this.session, binding) = (network, session, session.CreateIoBinding());
        (this.inputNames, this.copiesInputs) = (inputNames, copiesInputs);
        run = RunBound;
        for (var i = 0; i < inputs.Length; i++)
            binding.BindInput(inputNames[i], Pin(inputs[i]));
        for (var i = 0; i < outputs.Length; i++)
            binding.BindOutput(outputNames[i], Pin(outputs[i]));
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
        for (var i = 0; copiesInputs && i < changedInputs; i++)
            binding.BindInput(inputNames[i], pinned[i]);
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

    OrtValue Pin(HostTensor tensor)
    {
        var value = HostMemory.Wrap(tensor);
        pinned.Add(value);
        return value;
    }
}
