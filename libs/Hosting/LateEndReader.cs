using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Rewas.Hosting;

/// <summary>
/// The input of a connection, whose end is told only when its last bytes have been consumed. Kestrel fails a request as soon as it learns
/// that the client has closed its side, and drops the bytes of the body that had come before.
/// </summary>
sealed class LateEndReader(PipeReader inner) : PipeReader
{
    /// <summary>Length of the last result after the end.</summary>
    long left = long.MaxValue;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Late(await inner.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result))
            return false;
        result = Late(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    /// <summary>A consumer that took nothing of the last result waits for more bytes, so it must learn that none will come.</summary>
    ReadResult Late(ReadResult result)
    {
        if (!result.IsCompleted || result.Buffer.IsEmpty || result.Buffer.Length >= left)
            return result;
        left = result.Buffer.Length;
        return new(result.Buffer, result.IsCanceled, isCompleted: false);
    }
}

static class LateEnd
{
    /// <summary>Lets requests read all bytes that came before their connection was closed. Call it after UseHttps.</summary>
    public static void UseLateEnd(this ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Transport = new Transport(new LateEndReader(connection.Transport.Input), connection.Transport.Output);
        return next(connection);
    });

    sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
