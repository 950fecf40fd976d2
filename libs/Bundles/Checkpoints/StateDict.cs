using Rewas.Clip.Faults;

namespace Rewas.Bundles.Checkpoints;

/// <summary>Finds the tensors of an unpickled object.</summary>
static class StateDict
{
    const int DeepestWrapper = 3;
    const string Parallel = "module.", Compiled = "_orig_mod";

    /// <summary>Keys under which trainers store the weights.</summary>
    static readonly string[] Wrappers = ["state_dict", "model", "generator"];

    /// <summary>The tensors of a state dict by plain name.</summary>
    /// <exception cref="InputFault">There is no state dict, or two names become the same.</exception>
    public static Dictionary<string, TorchView> Find(string field, object? root)
    {
        var found = Unwrapped(root)
            ?? throw InputFault.Precondition(field, $"holds no state dict, neither by itself nor under {string.Join(", ", Wrappers)}");
        var tensors = new Dictionary<string, TorchView>();
        foreach (var (key, value) in found)
            if (key is string name && value is TorchView view && !tensors.TryAdd(PlainName(name), view))
                throw InputFault.Precondition(field, $"holds '{PlainName(name)}' twice, under different prefixes");
        return tensors;
    }

    /// <summary>Visits every storage that a tensor uses.</summary>
    public static void VisitStorages(object? root, Action<TorchStorage> visit)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<object?>([root]);
        while (waiting.TryPop(out var value))
            switch (value)
            {
                case TorchView view: visit(view.Storage); break;
                case PickleDictionary dictionary when seen.Add(value): PushAll(dictionary.Values); break;
                case List<object?> list when seen.Add(value): PushAll(list); break;
                case PickleTuple tuple when seen.Add(value): PushAll(tuple.Items); break;
            }

        void PushAll(IEnumerable<object?> values)
        {
            foreach (var value in values)
                waiting.Push(value);
        }
    }

    static PickleDictionary? Unwrapped(object? root)
    {
        var dictionary = root as PickleDictionary;
        for (var depth = 0; dictionary is not null && depth <= DeepestWrapper; depth++)
        {
            if (dictionary.Values.Any(value => value is TorchView))
                return dictionary;
            dictionary = Wrappers.Select(wrapper => dictionary.GetValueOrDefault(wrapper)).OfType<PickleDictionary>().FirstOrDefault();
        }
        return null;
    }

    /// <summary>Removes the name parts that data parallelism and compilation add.</summary>
    static string PlainName(string name)
    {
        name = string.Join('.', name.Split('.').Where(part => part != Compiled));
        return name.StartsWith(Parallel, StringComparison.Ordinal) ? name[Parallel.Length..] : name;
    }
}
