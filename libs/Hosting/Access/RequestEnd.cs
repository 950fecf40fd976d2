using System.IO.Pipelines;

namespace Rewas.Hosting.Access;

static class RequestEnd
{
    /// <summary>
    /// Whether the end of a request has come. Nobody need have read that far: a call may be answered without its request. Ask when nobody
    /// reads any more.
    /// </summary>
    public static bool HasCome(this PipeReader request)
    {
        try
        {
            if (!request.TryRead(out var rest))
                return false;
            request.AdvanceTo(rest.Buffer.Start);
            return rest.IsCompleted;
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or InvalidOperationException)
        {
            return false;                                                    // it has broken off, or is still being read
        }
    }
}
