using Microsoft.ML.OnnxRuntime;
using Rewas.Clip.Faults;

namespace Rewas.Networks.Onnx;

/// <summary>Runs cancellable calls of the runtime and maps its errors.</summary>
static class Cancellable
{
    static readonly Action<object?> Terminate = options => ((RunOptions)options!).Terminate = true;

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InputFault">
    /// The inputs do not match each other or a table (variable sizes, indices), or there is not enough memory.
    /// </exception>
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
            registration.Dispose();                                                      // waits for a running callback
        }
    }

    /// <summary>
    /// Maps an error of the runtime. Fixed shapes were checked while recording, and variable sizes and indices are known only now. So a
    /// node that fails has invalid input.
    /// </summary>
    static Exception Fault(string network, OnnxRuntimeException e)
    {
        var message = e.Message.ReplaceLineEndings(" ");
        if (message.Contains("Failed to allocate memory", StringComparison.Ordinal))
            return InputFault.Exhausted(network, $"needs more memory than there is: {message}", e);
        if (message.Contains("ErrorCode:InvalidArgument", StringComparison.Ordinal)
            || message.Contains("while running", StringComparison.Ordinal))
            return InputFault.Invalid(network, $"cannot run on these inputs: {message}", e);
        return e;
    }
}
