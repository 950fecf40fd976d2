using Google.Protobuf;
using Rewas.Networks.Onnx;
using Rewas.Networks.Onnx.Wire;

namespace Rewas.Tests.Networks.Onnx;

public sealed class ExternalWeightsTests
{
    static readonly byte[] Large = [.. Enumerable.Range(0, 4000).Select(i => (byte)i)], Small = [1, 2, 3, 4];

    [Fact]
    public void A_large_weight_becomes_a_reference_to_its_own_bytes()
    {
        var model = Model().ToByteArray();
        var rewritten = ModelProto.Parser.ParseFrom(ExternalWeights.Rewrite(model, "weights.bin", fileOffset: 100));
        var large = rewritten.Graph.Initializer[0];
        Assert.Equal(TensorProto.Types.DataLocation.External, large.DataLocation);
        Assert.True(large.RawData.IsEmpty);
        var place = large.ExternalData.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal("weights.bin", place["location"]);
        var (offset, length) = (int.Parse(place["offset"], null) - 100, int.Parse(place["length"], null));
        Assert.Equal(Large, model[offset..(offset + length)]);
    }

    [Fact]
    public void Everything_else_stays()
    {
        var model = Model();
        var rewritten = ModelProto.Parser.ParseFrom(ExternalWeights.Rewrite(model.ToByteArray(), "weights.bin", fileOffset: 0));
        rewritten.Graph.Initializer[0] = model.Graph.Initializer[0];
        Assert.Equal(model, rewritten);
    }

    [Fact]
    public void Bytes_that_are_no_model_are_refused_wherever_they_end()
    {
        var model = Model().ToByteArray();
        var refused = Enumerable.Range(1, model.Length - 1).Count(length =>
        {
            try
            {
                ExternalWeights.Rewrite(model.AsSpan(0, length), "weights.bin", 0);
                return false;
            }
            catch (FormatException)
            {
                return true;
            }
        });
        // A message may end between two of its fields. There are few such places.
        Assert.InRange(refused, model.Length - 10, model.Length - 1);
    }

    public static TheoryData<string, byte[]> Nonsense => new()
    {
        { "a type that does not exist", [0x0F] },
        { "a length near 2^64", [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01] },
        { "a number without end", [0x08, .. Enumerable.Repeat((byte)0xFF, 12)] },
        { "field 0", [0x00, 0x00] },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_is_refused(string what, byte[] model)
    {
        _ = what;
        Assert.Throws<FormatException>(() => ExternalWeights.Rewrite(model, "weights.bin", 0));
    }

    static ModelProto Model() => new()
    {
        IrVersion = 7,
        Graph = new()
        {
            Name = "graph",
            Initializer =
            {
                new TensorProto { Name = "large", DataType = 1, Dims = { 10, 100 }, RawData = ByteString.CopyFrom(Large) },
                new TensorProto { Name = "small", DataType = 1, Dims = { 1 }, RawData = ByteString.CopyFrom(Small) },
            },
        },
    };
}
