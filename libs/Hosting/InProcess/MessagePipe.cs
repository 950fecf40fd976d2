using System.Threading.Channels;
using Grpc.Core;
using Rewas.Protocol;

namespace Rewas.Hosting.InProcess;

/// <summary>The messages of one direction of a call, in order. It holds at most one message, so a writer waits for the reader.</summary>
sealed class MessagePipe<T>(Marshaller<T> marshaller) where T : class
{
    readonly Channel<WireMessage> channel =
        Channel.CreateBounded<WireMessage>(new BoundedChannelOptions(1) { SingleReader = false, SingleWriter = true });

    /// <summary>Serialises the message at once, so that the caller may reuse its buffers afterwards.</summary>
    /// <exception cref="ChannelClosedException">The pipe is complete.</exception>
    public async Task WriteAsync(T message, CancellationToken cancellation)
    {
        var wire = new WireMessage();
        marshaller.ContextualSerializer(message, wire);
        await channel.Writer.WriteAsync(wire, cancellation);
    }

    /// <summary>Marks the end of the messages.</summary>
    /// <param name="failure">Thrown to the reader after the waiting messages. Null: a normal end.</param>
    public void Complete(Exception? failure) => channel.Writer.TryComplete(failure);

    /// <summary>Drops the waiting messages.</summary>
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
                    : throw new RpcException(new(
                        StatusCode.ResourceExhausted,
                        $"a message must have at most {MessageLimits.MessageBytes} bytes, but has {wire.Length}"));
        return null;
    }
}
