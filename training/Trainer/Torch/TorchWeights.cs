using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Networks;
using TorchSharp.Modules;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Torch;

/// <summary>
/// The parameters of one network by state-dict name: the dictionary that the optimiser takes and checkpoints store. Strict: a stored weight
/// that is misshapen, missing (unless fresh weights are allowed) or unused is an error.
/// </summary>
public sealed class TorchWeights : IWeights
{
    readonly Dictionary<string, HostTensor> stored;
    readonly Dictionary<string, Parameter> parameters = [];
    readonly Dictionary<string, torch.Tensor> buffers = [];
    readonly List<string> faults = [];
    readonly HashSet<string> asked = [];
    readonly ulong? seed;
    readonly torch.Device device;

    TorchWeights(Dictionary<string, HostTensor> stored, ulong? seed, torch.Device? device) =>
        (this.stored, this.seed, this.device) = (stored, seed, device ?? torch.CPU);

    /// <summary>Freshly initialised weights. Each has its own generator, so the order of construction does not matter.</summary>
    public static TorchWeights Fresh(ulong seed, torch.Device? device = null) => new([], seed, device);

    /// <summary>Stored weights. Call <see cref="ThrowIfFaulty"/> once the network is built.</summary>
    public static TorchWeights From(IEnumerable<KeyValuePair<string, HostTensor>> stored, torch.Device? device = null) =>
        new(new(stored), null, device);

    /// <summary>Stored weights, and fresh ones for missing names: an adapter that starts from its backbone.</summary>
    public static TorchWeights FromOrFresh(IEnumerable<KeyValuePair<string, HostTensor>> stored, ulong seed, torch.Device? device = null) =>
        new(new(stored), seed, device);

    public TorchMode Mode { get; } = new();

    /// <summary>The weights that the optimiser trains.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    public IReadOnlyDictionary<string, torch.Tensor> Buffers => buffers;

    public TorchTensor Wrap(torch.Tensor value) => new(value, Mode);

    public Tensor Get(string name, ReadOnlySpan<long> shape, Init init, bool trained)
    {
        torch.Tensor? value = trained ? parameters.GetValueOrDefault(name) : buffers.GetValueOrDefault(name);
        if (value is null)
        {
            value = Make(name, shape.ToArray(), init).DetachFromDisposeScope();
            if (trained)
                value = parameters[name] = (Parameter)new Parameter(value).DetachFromDisposeScope();
            else
                buffers[name] = value;
        }
        else if (!value.shape.AsSpan().SequenceEqual(shape))
            faults.Add($"{name} is asked for as [{string.Join(", ", shape.ToArray())}] and as [{string.Join(", ", value.shape)}]");
        return Wrap(value);
    }

    /// <exception cref="InputFault">Names all missing, extra and misshapen weights.</exception>
    public void ThrowIfFaulty(string what)
    {
        var all = faults.Concat(stored.Keys.Where(name => !asked.Contains(name))
            .Select(name => $"{name} is not part of the network")).ToList();
        if (all.Count > 0)
            throw InputFault.Precondition(what, string.Join("; ", all));
    }

    /// <summary>Parameters and buffers as plain values, e.g. for a checkpoint.</summary>
    public Dictionary<string, HostTensor> ToHost() =>
        parameters.Select(w => (w.Key, Value: (torch.Tensor)w.Value)).Concat(buffers.Select(w => (w.Key, w.Value)))
            .ToDictionary(w => w.Key, w => ToHost(w.Value));

    /// <summary>A copy of a tensor's values.</summary>
    public static HostTensor ToHost(torch.Tensor value)
    {
        using var scope = torch.NewDisposeScope();
        return HostTensor.Of(value.detach().cpu().contiguous().data<float>().ToArray(), value.shape);
    }

    torch.Tensor Make(string name, long[] shape, Init init)
    {
        asked.Add(name);
        if (stored.TryGetValue(name, out var value))
        {
            if (value.Shape.AsSpan().SequenceEqual(shape))
                return torch.tensor(value.Floats.ToArray(), shape, device: device);
            faults.Add($"{name} is [{string.Join(", ", value.Shape)}] where [{string.Join(", ", shape)}] belongs");
        }
        else if (seed is null)
            faults.Add($"{name} [{string.Join(", ", shape)}] is missing");
        return Fresh(name, shape, init);
    }

    torch.Tensor Fresh(string name, long[] shape, Init init)
    {
        using var generator = new torch.Generator((seed ?? 0) ^ NameHash(name), torch.CPU);
        var isGain = shape.Length <= 1 && name.EndsWith("weight", StringComparison.Ordinal);
        return (init switch
        {
            Init.Zeros => torch.zeros(shape),
            Init.Ones => torch.ones(shape),
            Init.Normal => torch.randn(shape, generator: generator) * 0.02f,
            _ when isGain => torch.ones(shape),
            _ when shape.Length <= 1 => torch.zeros(shape),
            _ => (torch.rand(shape, generator: generator) * 2 - 1) / Math.Sqrt(shape.Skip(1).Aggregate(1L, (a, b) => a * b)),
        }).to(device);
    }

    // FNV-1a; any stable hash would do.
    static ulong NameHash(string name)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 0x100000001b3;
        return hash;
    }
}
