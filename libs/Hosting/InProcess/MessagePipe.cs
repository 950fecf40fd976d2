using System.Threading.Channels;
using Grpc.Core;
using Rewas.Protocol;

namespace Rewas.Hosting.InProcess;

/// <summary>Messages of one direction of a call, in order. One waits at most: who writes waits for who reads.</summary>
sealed class MessagePipe<T>(Marshaller<T> marshaller) where T : class
{
    readonly Channel<WireMessage> channel = Channel.CreateBounded<WireMessage>(new BoundedChannelOptions(1) { SingleReader = false, SingleWriter = true });

    /// <summary>The message is serialised at once: its buffers are the caller's again when this has ended.</summary>
    /// <exception cref="ChannelClosedException">The pipe is complete.</exception>
    public async Task WriteAsync(T message, CancellationToken cancellation)
    {
        var wire = new WireMessage();
        marshaller.ContextualSerializer(message, wire);
        await channel.Writer.WriteAsync(wire, cancellation);
    }

    /// <summary>No more comes.</summary>
    /// <param name="failure">Told to the reader after what waits; null: the messages end well.</param>
    public void Complete(Exception? failure) => channel.Writer.TryComplete(failure);

    /// <summary>Takes what waits and nobody is to read.</summary>
    public void Drop()
    {
        while (channel.Reader.TryRead(out _))
            continue;
    }

    /// <returns>The next message; null after the last.</returns>
    /// <exception cref="RpcException">The message is too large, or the pipe was completed with this failure.</exception>
    public async Task<T?> ReadAsync(CancellationToken cancellation)
    {
        while (await channel.Reader.WaitToReadAsync(cancellation))
            if (channel.Reader.TryRead(out var wire))
                return wire.Length <= MessageLimits.MessageBytes
                    ? marshaller.ContextualDeserializer(wire.Read())
                    : throw new RpcException(new(StatusCode.ResourceExhausted, $"a message must have at most {MessageLimits.MessageBytes} bytes, but has {wire.Length}"));
        return null;
    }
}
