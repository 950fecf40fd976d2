using Grpc.Core;

namespace Rewas.Tests.Client;

/// <summary>How a write ends when its call is over.</summary>
static class FailedWrite
{
    const string Cancelled = "CANCELLED", Socket = "the socket", Late = "too late", Lost = "never";

    public static TheoryData<string> All => new(Cancelled, Socket, Late, Lost);

    /// <param name="failure">One of <see cref="All"/>.</param>
    public static Task Of(string failure) => failure switch
    {
        Cancelled => Task.FromException(new RpcException(new(StatusCode.Cancelled, "", new TaskCanceledException()))),
        Socket => Task.FromException(new IOException("The request was aborted.")),
        Late => Task.FromException(new InvalidOperationException("Can't write the message because the call is complete.")),
        Lost => new TaskCompletionSource().Task,
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };
}
