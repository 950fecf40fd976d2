using System.Runtime.InteropServices;
using Google.Protobuf;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Tests.Protocol;

public sealed class TensorMessagesTests
{
    [Fact]
    public void Values_come_back_as_they_went()
    {
        var sent = HostTensor.Of(new[] { 1f, -2.5f, 0f, float.MaxValue, float.Epsilon, -0f }, 2, 3);

        var message = V1.Tensor.Parser.ParseFrom(sent.ToMessage("mel").ToByteArray());
        var received = message.ToHostTensor("mel", 2, 3);

        Assert.Equal(("mel", DataType.Float32), (message.Name, message.Dtype));
        Assert.Equal([2L, 3L], received.Shape);
        Assert.Equal(sent.Floats.ToArray(), received.Floats.ToArray());
    }

    [Fact]
    public void Integers_come_back_as_they_went() =>
        Assert.Equal(
            [long.MinValue, 0, long.MaxValue],
            HostTensor.Of(new[] { long.MinValue, 0, long.MaxValue }, 3).ToMessage("ids").ToHostTensor("ids", 3).Integers.ToArray());

    [Fact]
    public void The_message_shares_the_memory_and_is_little_endian()
    {
        var values = new float[4];
        var message = HostTensor.Of(values, 4).ToMessage("x");

        values[1] = 1;

        Assert.Equal([0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0], message.Data.ToByteArray());
    }

    [Fact]
    public void The_tensor_shares_the_memory_of_an_aligned_message()
    {
        var bytes = new byte[16];
        var floats = Message(UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(4, 8)), 2).ToHostTensor("x", 2).Floats;

        bytes[7] = 0x40;

        Assert.Equal(2f, floats.Span[0]);
        using var pinned = floats.Pin();
        unsafe
        {
            Assert.Equal(2f, *(float*)pinned.Pointer);
        }
    }

    [Fact]
    public void The_tensor_of_a_misaligned_message_is_a_copy()
    {
        var bytes = new byte[9];
        MemoryMarshal.Write(bytes.AsSpan(1), 3f);
        var floats = Message(UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(1, 8)), 2).ToHostTensor("x", 2).Floats;

        bytes[4] = 0;

        Assert.Equal([3f, 0f], floats.ToArray());
    }

    [Fact]
    public void An_axis_may_be_free() =>
        Assert.Equal([3L, 2L], HostTensor.Of(new float[6], 3, 2).ToMessage("x").ToHostTensor("x", -1, 2).Shape);

    [Fact]
    public void An_absent_tensor_is_refused() => Refused("energy: must be given, but is absent", null, 512);

    [Fact]
    public void Another_type_is_refused() =>
        Refused(
            "energy: must be float32 or int64, but is Uint8",
            new() { Dtype = DataType.Uint8, Shape = { 1 }, Data = ByteString.CopyFrom(1) },
            1);

    [Theory]
    [InlineData("energy: must have shape [512], but has [511]", new long[] { 511 })]
    [InlineData("energy: must have shape [512], but has [512, 1]", new long[] { 512, 1 })]
    [InlineData("energy: must have shape [512], but has []", new long[0])]
    [InlineData("energy: must have at most 8 axes, but has 9", new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    public void Another_shape_is_refused(string message, long[] shape) => Refused(message, Message(ByteString.Empty, shape), 512);

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_free_axis_has_at_least_one_value(long size) =>
        Refused($"energy: must have shape [any], but has [{size}]", Message(ByteString.Empty, size), -1);

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(0)]
    public void Too_few_or_many_bytes_are_refused(int bytes) =>
        Refused($"energy: must hold 8 bytes for shape [2], but holds {bytes}", Message(ByteString.CopyFrom(new byte[bytes]), 2), 2);

    [Fact]
    public void A_shape_that_overflows_is_refused()
    {
        var fault = Assert.Throws<InputFault>(
            () => Message(ByteString.Empty, long.MaxValue, long.MaxValue, long.MaxValue, 4).ToHostTensor("energy", -1, -1, -1, -1));

        Assert.Contains("but holds 0", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_value_that_is_not_finite_is_refused(float value, string text) =>
        Refused($"energy: must be finite, but value 1 is {text}", HostTensor.Of(new[] { 0, value }, 2).ToMessage("energy"), 2);

    static V1.Tensor Message(ByteString data, params long[] shape) => new() { Dtype = DataType.Float32, Shape = { shape }, Data = data };

    static void Refused(string message, V1.Tensor? tensor, params long[] expectedShape)
    {
        var fault = Assert.Throws<InputFault>(() => tensor.ToHostTensor("energy", expectedShape));

        Assert.Equal((FaultKind.Invalid, message), (fault.Kind, fault.Message));
    }
}
