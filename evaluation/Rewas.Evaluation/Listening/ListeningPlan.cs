using System.Security.Cryptography;
using System.Text;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Comparison;
using Rewas.Evaluation.Statistics;

namespace Rewas.Evaluation.Listening;

/// <summary>How listeners compare sounds.</summary>
public enum ListeningKind
{
    /// <summary>
    /// MUSHRA (ITU-R BS.1534-3): every sound of a clip is rated from 0 to 100 beside the reference. The reference and a low anchor are
    /// hidden among them.
    /// </summary>
    Mushra,

    /// <summary>A/B/X: X is A or B, and the listener says which.</summary>
    Abx,
}

/// <summary>A sound in a trial.</summary>
/// <param name="Id">What the page and the answers call it. It tells nothing about the system.</param>
/// <param name="System">Name of the system, <see cref="ListeningPlan.Reference"/> or <see cref="ListeningPlan.Anchor"/>.</param>
/// <param name="Path">The recording; for the anchor that of the reference.</param>
public sealed record ListeningStimulus(string Id, string System, string Path);

/// <summary>The sounds of one clip, in the order in which they are offered.</summary>
/// <param name="Reference">
/// The open reference of MUSHRA, or X of A/B/X. It has an id of its own: a page that played it under the id of a hidden sound would show
/// which one that is.
/// </param>
public sealed record ListeningTrial(string Id, string Clip, IReadOnlyList<ListeningStimulus> Stimuli, ListeningStimulus Reference);

/// <summary>Which sounds a listener hears, in which order. The same folders, kind and seed give the same plan.</summary>
public sealed record ListeningPlan(string Id, ListeningKind Kind, IReadOnlyList<ListeningTrial> Trials)
{
    public const string Reference = "reference", Anchor = "anchor 3.5 kHz";

    /// <summary>Listeners tire: BS.1534-3 asks for at most 12 sounds beside the reference.</summary>
    public const int MostSystems = 10, MostClips = 100;

    const int IdCharacters = 8;

    /// <param name="reference">Folder of the true recordings.</param>
    /// <param name="systems">Folders of recordings with the same names; their names are the systems' names.</param>
    /// <exception cref="InputFault">The folders have too few recordings in common, or there are too many systems.</exception>
    public static ListeningPlan Of(
        ListeningKind kind, IReadOnlyList<SoundFile> reference, IReadOnlyList<(string Name, IReadOnlyList<SoundFile> Files)> systems,
        int clips, ulong seed)
    {
        if (kind == ListeningKind.Abx && systems.Count != 1)
            throw InputFault.Invalid("folders", $"must be two for A/B/X, but are {systems.Count + 1}");
        InputFault.ThrowUnlessInRange("folders", systems.Count, 1, MostSystems);
        var byName = systems.Select(system => system.Files.ToDictionary(file => file.Name)).ToList();
        SoundFile[] common = [.. reference.Where(file => byName.TrueForAll(files => files.ContainsKey(file.Name)))];
        if (common.Length == 0)
            throw InputFault.NotFound("folders", "have no recording of the same name");
        var random = new SplitMix(seed);
        var chosen = Shuffled(common, random).Take(clips).ToList();
        var trials = new List<ListeningTrial>();
        foreach (var (clip, number) in chosen.Select((clip, number) => (clip, number)))
        {
            string IdOf(string what) => Short($"{seed} {kind} {number} {clip.Name} {what}");
            var hidden = new ListeningStimulus(IdOf(Reference), Reference, clip.Path);
            List<ListeningStimulus> stimuli = [.. systems.Select((system, i) =>
                new ListeningStimulus(IdOf($"{i} {system.Name}"), system.Name, byName[i][clip.Name].Path))];
            if (kind == ListeningKind.Mushra)
                trials.Add(new(
                    IdOf("trial"), clip.Name,
                    Shuffled([.. stimuli, hidden, new ListeningStimulus(IdOf(Anchor), Anchor, clip.Path)], random).ToList(),
                    hidden with { Id = IdOf("open reference") }));
            else
            {
                var pair = Shuffled([hidden, stimuli[0]], random).ToList();
                trials.Add(new(IdOf("trial"), clip.Name, pair, pair[random.Below(pair.Count)] with { Id = IdOf("x") }));
            }
        }
        return new(Short($"{seed} {kind} {string.Join('|', trials.Select(trial => trial.Id))}"), kind, trials);
    }

    static IEnumerable<T> Shuffled<T>(IReadOnlyList<T> items, SplitMix random)
    {
        var order = items.ToArray();
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    static string Short(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..IdCharacters];
}
