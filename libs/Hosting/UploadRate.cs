using System.Diagnostics;
using Grpc.Core;

namespace Rewas.Hosting;

/// <summary>
/// Ends an upload that trickles. Without a least rate, a caller that sends a byte now and then keeps what an upload holds for as long as it
/// likes. Only time in which the stage waits for the caller counts.
/// </summary>
/// <param name="bytesPerSecond">Least rate on average; 0 for none.</param>
/// <param name="setting">The setting that says so.</param>
/// <param name="grace">Waiting time to which no rate applies, for slow starts and short breaks.</param>
public sealed class UploadRate(long bytesPerSecond, string setting, TimeSpan grace)
{
    TimeSpan waited;

    /// <summary>Waits for the next part of an upload.</summary>
    public async ValueTask<bool> NextAsync<T>(IAsyncEnumerator<T> parts)
    {
        var start = Stopwatch.GetTimestamp();
        var any = await parts.MoveNextAsync();
        waited += Stopwatch.GetElapsedTime(start);
        return any;
    }

    /// <exception cref="RpcException">DEADLINE_EXCEEDED: the upload is slower than the least rate.</exception>
    public void ThrowIfTooSlow(long received)
    {
        if (received < (waited - grace).TotalSeconds * bytesPerSecond)
            throw new RpcException(new(StatusCode.DeadlineExceeded, FormattableString.Invariant(
                $"{setting}: at least {bytesPerSecond} bytes must come each second, but {received} came in {waited.TotalSeconds:0} s")));
    }
}
