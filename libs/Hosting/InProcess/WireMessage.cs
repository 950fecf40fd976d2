using System.Buffers;
using Grpc.Core;

namespace Rewas.Hosting.InProcess;

/// <summary>A serialised message.</summary>
sealed class WireMessage : SerializationContext
{
    ArrayBufferWriter<byte> buffer = new();
    byte[]? whole;

    public int Length => whole?.Length ?? buffer.WrittenCount;

    public override void SetPayloadLength(int payloadLength)
    {
        if (payloadLength > 0)
            buffer = new(payloadLength);
    }

    public override IBufferWriter<byte> GetBufferWriter() => buffer;

    public override void Complete()
    {
    }

    public override void Complete(byte[] payload) => whole = payload;

    public DeserializationContext Read() => new Payload(whole ?? buffer.WrittenMemory);

    sealed class Payload(ReadOnlyMemory<byte> bytes) : DeserializationContext
    {
        public override int PayloadLength => bytes.Length;

        public override byte[] PayloadAsNewBuffer() => bytes.ToArray();

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(bytes);
    }
}
