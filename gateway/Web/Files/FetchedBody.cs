using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Hosting.Access;

namespace Rewas.Gateway.Web.Files;

/// <summary>The bytes of a file that is fetched. They count as if the caller had sent them.</summary>
/// <param name="most">Most bytes.</param>
/// <param name="end">Ends the fetch.</param>
sealed class FetchedBody(Stream inner, long most, HttpContext context, CancellationToken end) : ForwardStream
{
    long received;

    /// <exception cref="InputFault">Exhausted: there are more bytes.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, end);
        var count = await inner.ReadAsync(buffer, either.Token);
        if ((received += count) > most)
            throw FileFetch.TooLarge(most);
        await context.CountReceivedAsync(count);
        return count;
    }
}
