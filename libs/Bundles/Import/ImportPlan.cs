using Rewas.Bundles.Checkpoints;
using Rewas.Clip.Faults;

namespace Rewas.Bundles.Import;

/// <summary>A network and the file with its weights.</summary>
sealed record PlannedNetwork(PublishedNetwork Network, SourceFile File, Origin Origin)
{
    /// <summary>The network's weights, read from the source file when they are written.</summary>
    public IEnumerable<WeightToStore> Weights() =>
        Network.Weights.Select(w => new WeightToStore(w.Key, w.Value, () => File.Read(Origin.NameOf(w.Key))));
}

/// <summary>Assigns a source to every weight before anything is written. All mismatches are reported at once.</summary>
sealed class ImportPlan
{
    const string ScaleFactor = "scale_factor";

    readonly IReadOnlyList<PublishedNetwork> networks;
    readonly IReadOnlyList<SourceFile> files;

    /// <exception cref="InputFault">Names every missing, misshapen or unknown weight, and every missing file.</exception>
    public ImportPlan(IReadOnlyList<PublishedNetwork> networks, IReadOnlyList<SourceFile> files)
    {
        (this.networks, this.files) = (networks, files);
        var faults = new List<InputFault>();
        var planned = new List<PlannedNetwork>();
        foreach (var network in Wanted())
            if (Choose(network) is { } choice)
            {
                planned.Add(choice);
                faults.AddRange(Misfits(choice));
            }
            else
            {
                var options = network.Origins.Select(o => "--" + o.Source.Name).Distinct();
                faults.Add(InputFault.Invalid(network.Name, $"its weights are in no given file; give {string.Join(" or ", options)}"));
            }
        faults.AddRange(files.SelectMany(Unknown));
        if (files.FirstOrDefault(f => f.Source == PublishedSource.Rewas) is { } rewas)
            if (rewas.Parts(ScaleFactor).Count > 0)
                LatentScale = rewas.Scalar(ScaleFactor);
            else
                faults.Add(InputFault.Precondition(rewas.FileName, $"'{ScaleFactor}' is missing"));
        InputFault.ThrowIfAny(faults);
        Networks = planned;
    }

    public IReadOnlyList<PlannedNetwork> Networks { get; }

    public double LatentScale { get; } = 1;

    /// <summary>Whether the bundle makes sound. Otherwise its networks only measure sounds or caption pictures.</summary>
    public bool MakesSound => Networks.Any(planned => !planned.Network.IsOptional);

    /// <summary>The optional networks whose file is given, and all other networks unless only optional ones are given.</summary>
    IEnumerable<PublishedNetwork> Wanted()
    {
        var optional = networks.Where(n => n.IsOptional && files.Any(f => n.Origins.Any(o => o.Source == f.Source))).ToList();
        var onlyThose = files.Count > 0 && files.All(f => optional.Any(n => n.Origins.Any(o => o.Source == f.Source)));
        return onlyThose ? optional : networks.Where(n => !n.IsOptional || optional.Contains(n));
    }

    /// <summary>Among the given sources, the first that holds the most weights of the network.</summary>
    PlannedNetwork? Choose(PublishedNetwork network) =>
        (from origin in network.Origins
         from file in files
         where file.Source == origin.Source
         select new PlannedNetwork(network, file, origin)).MaxBy(choice => Found(choice) > 0 ? Found(choice) : -1);

    static int Found(PlannedNetwork choice) =>
        choice.Network.Weights.Keys.Count(name => choice.File.Parts(choice.Origin.NameOf(name)).Count > 0);

    static IEnumerable<InputFault> Misfits(PlannedNetwork choice)
    {
        var missing = new List<string>();
        var misshapen = new List<string>();
        foreach (var (name, shape) in choice.Network.Weights)
        {
            var there = choice.Origin.NameOf(name);
            if (choice.File.Parts(there).Count == 0)
                missing.Add(there);
            else if (!choice.File.Shape(there).AsSpan().SequenceEqual(shape))
                misshapen.Add($"{there} is [{string.Join(", ", choice.File.Shape(there))}] instead of [{string.Join(", ", shape)}]");
        }
        if (missing.Count == choice.Network.Weights.Count)
            yield return InputFault.Precondition(
                choice.File.FileName,
                $"holds none of the {missing.Count} weights of {choice.Network.Name}: is it {choice.File.Source.Description}?");
        else if (missing.Count > 0)
            yield return InputFault.Precondition(
                choice.File.FileName, $"{choice.Network.Name}: {missing.Count} missing: {string.Join(", ", missing)}");
        if (misshapen.Count > 0)
            yield return InputFault.Precondition(
                choice.File.FileName, $"{choice.Network.Name}: {misshapen.Count} misshapen: {string.Join(", ", misshapen)}");
    }

    /// <summary>Weights of a file that no network uses and that are not known to be unused.</summary>
    IEnumerable<InputFault> Unknown(SourceFile file)
    {
        var known =
            (from network in networks
             from origin in network.Origins
             where origin.Source == file.Source
             from name in network.Weights.Keys
             from part in file.Parts(origin.NameOf(name)).Append(origin.NameOf(name))
             select part).Append(ScaleFactor).ToHashSet();
        var unknown = file.Names
            .Where(name => !known.Contains(name) && !file.Source.Unused.IsMatch(name)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            yield return InputFault.Precondition(file.FileName, $"{unknown.Count} not known: {string.Join(", ", unknown)}");
    }
}
