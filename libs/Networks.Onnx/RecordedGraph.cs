using System.Globalization;
using Google.Protobuf;
using Rewas.Bundles.Checkpoints;
using Rewas.Networks.Onnx.Wire;

namespace Rewas.Networks.Onnx;

/// <summary>A finished graph. Its weights are still to be placed: in their own files, in a prepared file, or in the model itself.</summary>
/// <param name="Model">Its initializers with weights have no data.</param>
/// <param name="Weights">The weights that the graph needs, by the name of their initializer.</param>
sealed record RecordedGraph(ModelProto Model, IReadOnlyDictionary<string, WeightPart> Weights)
{
    /// <summary>Size of the weights in the form that the graph reads.</summary>
    public long WeightBytes => Weights.Values.Sum(part => part.Bytes);

    /// <summary>Whether every weight is read as it is stored.</summary>
    public bool ReadsWeightsAsStored => Weights.Values.All(part => part.Form == WeightForm.AsStored);

    /// <param name="prepared">A file with all weights under the names of their initializers. Null: stored weights stay in their files, and
    /// other forms are made now and put into the model.</param>
    public byte[] ToByteArray(SafetensorsFile? prepared = null)
    {
        var parts = new WeightParts();
        foreach (var initializer in Model.Graph.Initializer)
            if (Weights.TryGetValue(initializer.Name, out var part))
                if (prepared is not null)
                    Refer(initializer, prepared, initializer.Name);
                else if (part.Form == WeightForm.AsStored)
                    Refer(initializer, part.File, part.Weight);
                else
                    initializer.RawData = ByteString.CopyFrom(parts.Bytes(part));
        return Model.ToByteArray();
    }

    static void Refer(TensorProto initializer, SafetensorsFile file, string name)
    {
        var place = file.Place(name);
        initializer.DataLocation = TensorProto.Types.DataLocation.External;
        initializer.ExternalData.Clear();
        initializer.ExternalData.Add(
        [
            new StringStringEntryProto { Key = "location", Value = Path.GetFileName(file.FilePath) },
            new StringStringEntryProto { Key = "offset", Value = place.Offset.ToString(CultureInfo.InvariantCulture) },
            new StringStringEntryProto { Key = "length", Value = place.Bytes.ToString(CultureInfo.InvariantCulture) },
        ]);
    }
}
