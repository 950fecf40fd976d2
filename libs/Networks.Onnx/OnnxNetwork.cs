using Microsoft.ML.OnnxRuntime;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Networks.Architectures;

namespace Rewas.Networks.Onnx;

/// <summary>A network with weights, ready to run. Thread-safe.</summary>
public sealed class OnnxNetwork : IDisposable
{
    readonly OnnxOptions options;
    readonly LoadedOnce<InferenceSession> session;
    readonly LoadedOnce<OrtAllocator> allocator;
    readonly Action prepare;
    readonly string[] inputNames;
    readonly string[] outputNames;

    OnnxNetwork(
        string name, NetworkDefinition definition, Func<InferenceSession> open, Action prepare, OnnxOptions options, string precision)
    {
        (this.prepare, this.options) = (prepare, options);
        (Name, Definition, Precision) = (name, definition, precision);
        session = new(open);
        allocator = new(() => DeviceMemory.AllocatorOf(session.Value, options.Accelerator, options.Device));
        inputNames = [.. definition.Inputs.Select(port => port.Name)];
        outputNames = [.. definition.Outputs.Select(port => port.Name)];
    }

    /// <summary>Execution providers in this build of ONNX Runtime.</summary>
    public static IReadOnlyList<string> ProvidersInThisBuild => OrtEnv.Instance().GetAvailableProviders();

    /// <summary>Name in the bundle, e.g. "vocoder".</summary>
    public string Name { get; }

    public NetworkDefinition Definition { get; }

    /// <summary>The accelerator that runs it: "cpu", "cuda" or "tensorrt".</summary>
    public string Accelerator => options.Accelerator;

    /// <summary>Its number format: one of <see cref="PrecisionNames"/>.</summary>
    public string Precision { get; }

    /// <summary>Builds a network of a bundle with its configuration and weights.</summary>
    /// <exception cref="InputFault">
    /// The bundle has no such network, or configuration and weights do not match. The message names all mismatches.
    /// </exception>
    public static OnnxNetwork Load(Bundle bundle, string network, OnnxOptions options) =>
        Load(bundle, network, options, Define(network, bundle.Network(network)));

    /// <summary>Builds another definition, such as a part of the network, on the weights of a bundle's network.</summary>
    /// <exception cref="InputFault">
    /// The bundle has no such network, or definition and weights do not match. The message names all mismatches.
    /// </exception>
    /// <param name="precision">One of <see cref="PrecisionNames"/>. Null: the bundle's.</param>
    public static OnnxNetwork Load(
        Bundle bundle, string network, OnnxOptions options, NetworkDefinition definition, string? precision = null)
    {
        var loaded = Deferred(bundle, network, options, definition, precision);
        loaded.Load();
        return loaded;
    }

    /// <summary>A network of a bundle whose weights are loaded by <see cref="Load()"/> or on its first run.</summary>
    /// <exception cref="InputFault">The bundle has no such network, or its configuration is invalid.</exception>
    /// <param name="precision">One of <see cref="PrecisionNames"/>. Null: the bundle's.</param>
    public static OnnxNetwork Deferred(Bundle bundle, string network, OnnxOptions options, string? precision = null) =>
        Deferred(bundle, network, options, Define(network, bundle.Network(network)), precision);

    /// <summary>A deferred network for another definition on the weights of a bundle's network.</summary>
    /// <param name="precision">One of <see cref="PrecisionNames"/>. Null: the bundle's.</param>
    /// <param name="captures">Whether its bound calls may be captured: <see cref="OnnxOptions.CaptureGraphs"/>.</param>
    public static OnnxNetwork Deferred(
        Bundle bundle, string network, OnnxOptions options, NetworkDefinition definition, string? precision = null, bool captures = false)
    {
        options = options with { CaptureGraphs = options.CaptureGraphs && captures };
        var described = bundle.Network(network);
        var numbers = precision ?? described.Precision;
        ExecutionProvider.ThrowUnlessComputes(options.Accelerator, numbers);
        return new(network, definition, Open, Prepare, options, numbers);

        RecordedGraph Graph(SafetensorsFile weights) =>
            Record(network, definition, weights, described.Prefix, numbers, () => AskedByOthers(bundle, network));

        InferenceSession Open()
        {
            using var weights = bundle.Weights(network);
            return OnnxNetwork.Open(
                network, Graph(weights), weights, options, numbers, PreparedWeights.Of(bundle, network, numbers));
        }

        void Prepare()
        {
            using var weights = bundle.Weights(network);
            if (Graph(weights) is { ReadsWeightsAsStored: false } graph)
                PreparedWeights.Of(bundle, network, numbers).Prepare(graph);
        }
    }

    /// <summary>Builds a network on a file that holds only its weights.</summary>
    /// <exception cref="InputFault">The weights do not match. The message names all mismatches.</exception>
    public static OnnxNetwork Load(
        NetworkDefinition definition, SafetensorsFile weights, OnnxOptions options, string prefix = "",
        string precision = PrecisionNames.Float32)
    {
        ExecutionProvider.ThrowUnlessComputes(options.Accelerator, precision);
        var graph = Record(definition.Architecture, definition, weights, prefix, precision, () => new HashSet<string>());
        return Load(definition, graph, weights, options, precision);
    }

    /// <summary>Builds arithmetic: a network without weights, in float32.</summary>
    public static OnnxNetwork Load(NetworkDefinition definition, OnnxOptions options)
    {
        var graph = new OnnxGraph();
        var outputs = definition.Build(new Scope(new NoWeights()))([.. definition.Inputs.Select(graph.Input)]).Cast<OnnxTensor>().ToArray();
        PortCheck.ThrowUnlessRecorded(definition.Outputs, outputs);
        return Load(
            definition, graph.Finish(definition.Architecture, definition.Outputs, outputs), weights: null, options, PrecisionNames.Float32);
    }

    /// <summary>Opens a recorded graph of a definition.</summary>
    internal static OnnxNetwork Load(
        NetworkDefinition definition, RecordedGraph graph, SafetensorsFile? weights, OnnxOptions options, string precision)
    {
        options = options with { CaptureGraphs = false };
        var opened = Open(definition.Architecture, graph, weights, options, precision, prepared: null);
        var loaded = new OnnxNetwork(definition.Architecture, definition, () => opened, () => { }, options, precision);
        loaded.Load();
        return loaded;
    }

    /// <summary>Loads the weights now unless they are loaded already.</summary>
    /// <exception cref="InputFault">The weights do not match. The message names all mismatches.</exception>
    public void Load() => _ = session.Value;

    /// <summary>
    /// Makes the weights in this network's number format and keeps them beside the bundle, so that no later start has to. Does nothing if
    /// they are there already, or if the number format is the stored one.
    /// </summary>
    public void Prepare() => prepare();

    /// <summary>Runs the network once.</summary>
    /// <param name="inputs">One tensor per input of the definition, in order.</param>
    /// <param name="cancellation">Ends the call between two operations.</param>
    /// <returns>One tensor per output.</returns>
    /// <exception cref="InputFault">An input does not match; the message names it.</exception>
    public HostTensor[] Run(ReadOnlySpan<HostTensor> inputs, CancellationToken cancellation = default)
    {
        PortCheck.ThrowUnlessFits(Name, Definition.Inputs, [.. inputs]);
        var values = new OrtValue[inputs.Length];
        try
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = HostMemory.Wrap(inputs[i]);
            using var options = new RunOptions();
            using var outputs = Cancellable.Run(
                Name, options, () => session.Value.Run(options, inputNames, values, outputNames), cancellation);
            return [.. outputs.Select(HostMemory.Copy)];
        }
        finally
        {
            foreach (var value in values)
                value?.Dispose();
        }
    }

    /// <summary>
    /// Binds the network to tensors for many calls. Each call reads the current content of the inputs, writes to the outputs, and
    /// allocates nothing.
    /// </summary>
    /// <param name="inputs">One tensor per input of the definition, in order.</param>
    /// <param name="outputs">One tensor per output, with the output's final shape.</param>
    /// <param name="capturedGraph">
    /// Names the CUDA graph of these tensors' places: calls with the same number have the same places. All must then be on the device.
    /// Read only if <see cref="OnnxOptions.CaptureGraphs"/> is on.
    /// </param>
    /// <exception cref="InputFault">A tensor does not match; the message names it.</exception>
    public OnnxCall Bind(ReadOnlySpan<CallTensor> inputs, ReadOnlySpan<CallTensor> outputs, int? capturedGraph = null) =>
        Bind(inputs, outputs, copiesInputs: Accelerator != ExecutionProvider.Cpu, options.CaptureGraphs ? capturedGraph : null);

    /// <param name="copiesInputs">Whether binding an input of this process copies it.</param>
    internal OnnxCall Bind(
        ReadOnlySpan<CallTensor> inputs, ReadOnlySpan<CallTensor> outputs, bool copiesInputs, int? capturedGraph = null)
    {
        PortCheck.ThrowUnlessFits(Name, Definition.Inputs, inputs);
        PortCheck.ThrowUnlessFits(Name, Definition.Outputs, outputs);
        return new OnnxCall(Name, session.Value, inputNames, inputs, outputNames, outputs, copiesInputs, capturedGraph);
    }

    /// <summary>A tensor in the memory of this network's device.</summary>
    /// <exception cref="InputFault">The device has not enough memory.</exception>
    public DeviceTensor Allocate(ElementType type, params long[] shape)
    {
        try
        {
            return new(allocator.Value, type, shape);
        }
        catch (OnnxRuntimeException e)
        {
            throw InputFault.Exhausted(
                Name, $"needs more memory on the device than there is: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    public void Dispose()
    {
        if (allocator.IsValueCreated)
            allocator.Value.Dispose();
        if (session.IsValueCreated)
            session.Value.Dispose();
    }

    /// <param name="stored">The file with the stored weights. Null: the graph has none.</param>
    /// <param name="prepared">Where weights in another number format are kept. Null: they are made for this session.</param>
    static InferenceSession Open(
        string name, RecordedGraph graph, SafetensorsFile? stored, OnnxOptions options, string precision, PreparedWeights? prepared) =>
        MemoryCheck.LoadIfFits(name, graph.WeightBytes, () =>
        {
            using var file = graph.ReadsWeightsAsStored ? null : prepared?.FindOrMake(graph);
            var folder = Path.GetDirectoryName((file ?? stored)?.FilePath) ?? AppContext.BaseDirectory;
            using var sessionOptions = ExecutionProvider.Configure(options, folder, precision);
            var session = new InferenceSession(graph.ToByteArray(file), sessionOptions);
            NativeHeap.Trim();
            return session;
        });

    static RecordedGraph Record(
        string name, NetworkDefinition definition, SafetensorsFile file, string prefix, string precision,
        Func<IReadOnlySet<string>> askedByOthers)
    {
        try
        {
            var graph = new OnnxGraph(precision);
            var weights = new OnnxWeights(graph, file);
            var forward = definition.Build(new Scope(weights, prefix));
            var outputs = forward([.. definition.Inputs.Select(graph.Input)]).Cast<OnnxTensor>().ToArray();
            weights.ThrowIfFaulty(askedByOthers());
            PortCheck.ThrowUnlessRecorded(definition.Outputs, outputs);
            return graph.Finish(name, definition.Outputs, outputs);
        }
        catch (ArgumentException e)
        {
            throw InputFault.Precondition(name, $"configuration of '{definition.Architecture}' does not build: {e.Message}", e);
        }
    }

    static NetworkDefinition Define(string network, BundleNetwork described)
    {
        if (described.Architecture == TextEncoderNames.Sentences)
            throw InputFault.Precondition(
                network, $"is {described.Architecture}, which comes with the program and reads text; it takes no tensors");
        try
        {
            return NetworkCatalog.Create(described.Architecture, described.Configuration);
        }
        catch (ArgumentException e)
        {
            throw InputFault.Precondition(network, e.Message, e);
        }
    }

    static HashSet<string> AskedByOthers(Bundle bundle, string network) =>
    [
        .. from other in bundle.Manifest.Networks
           where other.Key != network && other.Value.File == bundle.Network(network).File
           from weight in WeightNames.Of(Define(other.Key, other.Value), other.Value.Prefix).Keys
           select weight,
    ];

    sealed class NoWeights : IWeights
    {
        public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained) =>
            throw new ArgumentException($"arithmetic has no weights, but asks for '{name}'", nameof(name));
    }
}
