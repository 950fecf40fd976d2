using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Rewas.Hosting.Access;

/// <summary>Counts the bytes of a response, and notes its end.</summary>
sealed class CountedResponse : IHttpResponseBodyFeature
{
    readonly IHttpResponseBodyFeature inner;

    public CountedResponse(IHttpResponseBodyFeature inner)
    {
        this.inner = inner;
        Writer = new CountedWriter(inner.Writer, this);
        Stream = Writer.AsStream(leaveOpen: true);
    }

    /// <summary>Bytes written so far.</summary>
    public long Sent { get; private set; }

    /// <summary>Whether its end was sent, before the call has ended here.</summary>
    public bool IsComplete { get; private set; }

    public Stream Stream { get; }

    public PipeWriter Writer { get; }

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        inner.SendFileAsync(path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        await inner.CompleteAsync();
        IsComplete = true;
    }

    sealed class CountedWriter(PipeWriter inner, CountedResponse owner) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            inner.Advance(bytes);
            owner.Sent += bytes;
        }

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            owner.Sent += source.Length;
            return inner.WriteAsync(source, cancellationToken);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }
}
