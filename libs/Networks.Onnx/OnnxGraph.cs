using System.Runtime.InteropServices;
using Google.Protobuf;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.Networks.Onnx.Wire;

namespace Rewas.Networks.Onnx;

/// <summary>A graph during recording: nodes in recording order, and each constant once.</summary>
/// <param name="precision">One of <see cref="PrecisionNames"/>.</param>
sealed partial class OnnxGraph(string precision = PrecisionNames.Float32)
{
    public const string Contrib = "com.microsoft";
    const long IrVersion = 10;
    const long OpsetVersion = 21;

    /// <summary>Constants up to this size are compared by content, so that equal ones are stored once.</summary>
    const int SharedConstantBytes = 1024;

    readonly List<NodeProto> nodes = [];
    readonly List<ValueInfoProto> inputs = [];
    readonly Dictionary<string, TensorProto> initializers = [];
    readonly Dictionary<string, string> constants = [];
    readonly Dictionary<string, (SafetensorsFile File, string Name)> stored = [];
    readonly Dictionary<string, WeightPart> weights = [];
    int named;

    /// <summary>Multiply-adds of the products recorded so far, as far as their sizes are known.</summary>
    public long MultiplyAdds { get; private set; }

    /// <summary>Counts a product.</summary>
    /// <param name="result">Shape of its result.</param>
    /// <param name="reduced">Number of products in each value of the result.</param>
    public void Count(IEnumerable<long> result, long reduced) =>
        MultiplyAdds += result.Aggregate(1L, (count, size) => count * Math.Max(1, size)) * Math.Max(1, reduced);

    public OnnxTensor Input(Port port)
    {
        inputs.Add(Describe(port));
        return new OnnxTensor(this, port.Name, port.Type, port.Shape);
    }

    /// <summary>A weight that stays in its file. The result is float32 whatever the stored type.</summary>
    public OnnxTensor Weight(SafetensorsFile file, string name)
    {
        var weight = file.Tensors[name];
        var initializer = Initializer($"weight/{name}", WeightPart.AsStored(file, name));
        var value = weight.Type == StoredType.Float32 ? initializer : Cast(initializer, ElementType.Float32);
        stored.TryAdd(value, (file, name));
        return new OnnxTensor(this, value, ElementType.Float32, weight.Shape);
    }

    public string Constant(ReadOnlySpan<float> values, params long[] shape) =>
        Constant(MemoryMarshal.AsBytes(values), TensorProto.Types.DataType.Float, shape);

    public string Constant(ReadOnlySpan<long> values, params long[] shape) =>
        Constant(MemoryMarshal.AsBytes(values), TensorProto.Types.DataType.Int64, shape);

    /// <summary>A one-dimensional int64 constant: axes, sizes, starts.</summary>
    public string Indices(params ReadOnlySpan<long> values) => Constant(values, [values.Length]);

    public string Cast(string value, ElementType type) => Node("Cast", [value], ("to", (long)DataType(type)));

    /// <summary>Records a node with one output.</summary>
    /// <param name="operation">Operator of ai.onnx, or of <see cref="Contrib"/> if it starts with that and a dot.</param>
    /// <param name="inputs">Names of values. "" omits an optional input.</param>
    /// <param name="attributes">long, float, string or long[], by name.</param>
    /// <returns>Name of the output.</returns>
    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Nodes(operation, inputs, outputs: 1, attributes)[0];

    /// <summary>Records a node with several outputs.</summary>
    /// <returns>Names of the outputs.</returns>
    public string[] Nodes(
        string operation, ReadOnlySpan<string> inputs, int outputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var domain = operation.StartsWith(Contrib, StringComparison.Ordinal) ? Contrib : "";
        var node = new NodeProto { OpType = domain.Length == 0 ? operation : operation[(domain.Length + 1)..], Domain = domain };
        node.Name = $"{node.OpType}_{named++}";
        foreach (var input in inputs)
            node.Input.Add(input);
        for (var i = 0; i < outputs; i++)
            node.Output.Add(i == 0 ? $"{node.Name}/out" : $"{node.Name}/out{i}");
        foreach (var (name, value) in attributes)
            node.Attribute.Add(Attribute(name, value));
        nodes.Add(node);
        return [.. node.Output];
    }

    /// <summary>The model that computes the outputs. Nodes, constants and weights that they do not need are omitted.</summary>
    public RecordedGraph Finish(string name, IReadOnlyList<Port> ports, IReadOnlyList<OnnxTensor> outputs)
    {
        var graph = new GraphProto { Name = name };
        foreach (var (port, output) in ports.Zip(outputs))
        {
            var identity = new NodeProto { OpType = "Identity", Name = $"output/{port.Name}" };
            identity.Input.Add(output.ForOutput().Name);
            identity.Output.Add(port.Name);
            nodes.Add(identity);
            graph.Output.Add(Describe(port));
        }
        graph.Input.Add(inputs);

        var needed = new HashSet<string>(ports.Select(port => port.Name));
        var kept = new Stack<NodeProto>();
        foreach (var node in Enumerable.Reverse(nodes).Where(node => node.Output.Any(needed.Contains)))
        {
            needed.UnionWith(node.Input);
            kept.Push(node);
        }
        graph.Node.Add(kept);
        graph.Initializer.Add(initializers.Values.Where(initializer => needed.Contains(initializer.Name)));

        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "rewas", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OpsetVersion });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Contrib, Version = 1 });
        return new(model, weights.Where(weight => needed.Contains(weight.Key)).ToDictionary());
    }

    /// <summary>An initializer that holds a weight, recorded once.</summary>
    string Initializer(string name, WeightPart part)
    {
        if (weights.TryAdd(name, part))
        {
            var initializer = new TensorProto { Name = name, DataType = (int)DataType(part.Type) };
            initializer.Dims.AddRange(part.Shape);
            initializers.Add(name, initializer);
        }
        return name;
    }

    string Constant(ReadOnlySpan<byte> bytes, TensorProto.Types.DataType type, long[] shape)
    {
        var key = bytes.Length > SharedConstantBytes ? null : $"{type} [{string.Join(',', shape)}] {Convert.ToHexString(bytes)}";
        if (key is not null && constants.TryGetValue(key, out var known))
            return known;
        var initializer = new TensorProto
        {
            Name = $"constant_{initializers.Count}",
            DataType = (int)type,
            RawData = ByteString.CopyFrom(bytes),
        };
        initializer.Dims.AddRange(shape);
        initializers.Add(initializer.Name, initializer);
        if (key is not null)
            constants.Add(key, initializer.Name);
        return initializer.Name;
    }

    static ValueInfoProto Describe(Port port)
    {
        var shape = new TensorShapeProto();
        for (var axis = 0; axis < port.Shape.Length; axis++)
            // The first axis of every input is the batch. With one name, sums of values from different inputs keep it.
            shape.Dim.Add(port.Shape[axis] < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = axis == 0 ? "rows" : $"{port.Name}_{axis}" }
                : new TensorShapeProto.Types.Dimension { DimValue = port.Shape[axis] });
        var type = new TypeProto.Types.Tensor { ElemType = (int)DataType(port.Type), Shape = shape };
        return new ValueInfoProto { Name = port.Name, Type = new TypeProto { TensorType = type } };
    }

    static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long number:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, number);
                break;
            case float number:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, number);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case long[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            default:
                throw new ArgumentException($"attribute '{name}' is a {value.GetType()}");
        }
        return attribute;
    }

    static TensorProto.Types.DataType DataType(ElementType type) => type switch
    {
        ElementType.Float32 => TensorProto.Types.DataType.Float,
        ElementType.Int64 => TensorProto.Types.DataType.Int64,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    static TensorProto.Types.DataType DataType(StoredType type) => type switch
    {
        StoredType.Float32 => TensorProto.Types.DataType.Float,
        StoredType.Float16 => TensorProto.Types.DataType.Float16,
        StoredType.BFloat16 => TensorProto.Types.DataType.Bfloat16,
        StoredType.Float64 => TensorProto.Types.DataType.Double,
        StoredType.Int64 => TensorProto.Types.DataType.Int64,
        StoredType.Int32 => TensorProto.Types.DataType.Int32,
        StoredType.Int16 => TensorProto.Types.DataType.Int16,
        StoredType.Int8 => TensorProto.Types.DataType.Int8,
        StoredType.UInt8 => TensorProto.Types.DataType.Uint8,
        StoredType.Bool => TensorProto.Types.DataType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
