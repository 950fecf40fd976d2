using System.Globalization;
using Google.Protobuf;
using Rewas.Networks.Onnx.Wire;

namespace Rewas.Networks.Onnx;

/// <summary>
/// Rewrites an ONNX model with embedded weights: each large weight becomes a reference to its bytes in the original file. The runtime maps
/// the file, so that a 90 MB model loads without a copy. Everything else stays byte for byte.
/// </summary>
static class ExternalWeights
{
    /// <summary>Smaller weights stay embedded, because axes and shapes are needed while the graph is optimised.</summary>
    const int InlineBytes = 1024;

    /// <param name="fileName">Name of the file that contains it.</param>
    /// <param name="fileOffset">Offset of the model in that file.</param>
    /// <exception cref="FormatException">The bytes are not a model.</exception>
    public static byte[] Rewrite(ReadOnlySpan<byte> model, string fileName, long fileOffset)
    {
        var rewritten = new MemoryStream();
        foreach (var field in new WireFields(model))
            if (field is { Number: ModelProto.GraphFieldNumber, HasLength: true })
                Write(rewritten, field.Number, Graph(model[field.ValueStart..field.End], fileName, fileOffset + field.ValueStart));
            else
                rewritten.Write(model[field.Start..field.End]);
        return rewritten.ToArray();
    }

    static MemoryStream Graph(ReadOnlySpan<byte> graph, string fileName, long fileOffset)
    {
        var rewritten = new MemoryStream();
        foreach (var field in new WireFields(graph))
            if (field is { Number: GraphProto.InitializerFieldNumber, HasLength: true } && field.End - field.ValueStart > InlineBytes)
                Write(rewritten, field.Number, Tensor(graph[field.ValueStart..field.End], fileName, fileOffset + field.ValueStart));
            else
                rewritten.Write(graph[field.Start..field.End]);
        return rewritten;
    }

    static MemoryStream Tensor(ReadOnlySpan<byte> tensor, string fileName, long fileOffset)
    {
        var rewritten = new MemoryStream();
        foreach (var field in new WireFields(tensor))
            if (field is { Number: TensorProto.RawDataFieldNumber, HasLength: true })
                Reference(fileName, fileOffset + field.ValueStart, field.End - field.ValueStart).WriteTo(rewritten);
            else
                rewritten.Write(tensor[field.Start..field.End]);
        return rewritten;
    }

    static TensorProto Reference(string fileName, long offset, long length) => new()
    {
        DataLocation = TensorProto.Types.DataLocation.External,
        ExternalData =
        {
            new StringStringEntryProto { Key = "location", Value = fileName },
            new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) },
            new StringStringEntryProto { Key = "length", Value = length.ToString(CultureInfo.InvariantCulture) },
        },
    };

    static void Write(Stream output, int number, MemoryStream message)
    {
        using var coded = new CodedOutputStream(output, leaveOpen: true);
        coded.WriteTag(number, WireFormat.WireType.LengthDelimited);
        coded.WriteLength((int)message.Length);
        coded.Flush();
        message.WriteTo(output);
    }
}
