using Microsoft.ML.OnnxRuntime;
using Rewas.Faults;

namespace Rewas.Networks.Onnx;

/// <summary>Calls of the runtime that a token ends, with the runtime's failures told apart.</summary>
static class Cancellable
{
    static readonly Action<object?> Terminate = options => ((RunOptions)options!).Terminate = true;

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InputFault">The inputs do not fit each other or a table (sizes that vary, indices), or memory does not suffice.</exception>
    public static T Run<T>(string network, RunOptions options, Func<T> call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var registration = cancellation.UnsafeRegister(Terminate, options);
        try
        {
            return call();
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Fault(network, e);
        }
        finally
        {
            registration.Dispose();                                                      // waits for a callback that is running
        }
    }

    /// <summary>
    /// Sizes and indices are only known at run time, and shapes that are fixed were checked while recording: what a node refuses is the input's.
    /// </summary>
    static Exception Fault(string network, OnnxRuntimeException e)
    {
        var message = e.Message.ReplaceLineEndings(" ");
        if (message.Contains("Failed to allocate memory", StringComparison.Ordinal))
            return InputFault.Exhausted(network, $"needs more memory than there is: {message}", e);
        if (message.Contains("ErrorCode:InvalidArgument", StringComparison.Ordinal) || message.Contains("while running", StringComparison.Ordinal))
            return InputFault.Invalid(network, $"cannot run on these inputs: {message}", e);
        return e;
    }
}
