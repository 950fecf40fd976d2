using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Statistics;
using Rewas.PromptCheck;

namespace Rewas.Evaluation.PromptChecks;

public enum PairKind
{
    Consistent,
    SemanticallyWrong,
    DynamicallyWrong,
    PartiallyWrong,
    OffScreen,
}

/// <summary>A prompt for a scene, and whether it is right.</summary>
/// <param name="Kind">How it was made.</param>
/// <param name="Course">What it says about time, if anything.</param>
public sealed record ConflictPair(PairKind Kind, string Prompt, Course? Course = null)
{
    /// <summary>Whether the prompt contradicts the picture. Off-screen sound does not.</summary>
    public bool Wrong => Kind is not (PairKind.Consistent or PairKind.OffScreen);
}

/// <summary>Makes prompts for a scene from its captions, those of other scenes, and the known course of its sound.</summary>
public static class ConflictPairs
{
    static readonly IReadOnlyDictionary<Course, string[]> Words = new Dictionary<Course, string[]>
    {
        [Course.Single] = ["a single time", "just once"],
        [Course.Repeated] = ["again and again", "repeated several times"],
        [Course.Sustained] = ["continuous, without a pause", "steady and uninterrupted"],
        [Course.Impulsive] = ["a sudden burst with long silences between", "short separate bursts"],
        [Course.Rising] = ["slowly getting louder", "fading in"],
        [Course.Falling] = ["gradually getting quieter", "fading out"],
        [Course.Silent] = ["complete silence", "no sound at all"],
    };

    /// <summary>Sources that no scene shows.</summary>
    static readonly string[] Elsewhere =
    [
        "a dog barking", "a baby crying", "people talking", "a gunshot", "a cat meowing", "a violin playing", "a police siren",
        "a rooster crowing", "frogs croaking", "someone coughing",
    ];

    static readonly string[] OffScreen =
        ["{0}, with {1} off-screen", "{0} and {1} in the background", "{0} with {1} outside", "{0}, and {1} in the distance"];

    /// <summary>Up to six prompts, in the order of the kinds. Dynamic ones only if the truth is certain.</summary>
    public static IReadOnlyList<ConflictPair> Of(WatchedScene scene)
    {
        var random = new SplitMix(scene.Seed ^ (ulong)scene.Kind.Length << 40);
        string Own() => scene.Captions[random.Below(scene.Captions.Count)];
        var pairs = new List<ConflictPair>
        {
            new(PairKind.Consistent, random.Below(2) == 0 && ConflictPhrases.Of(scene.Kind) is { } phrase ? phrase : Own()),
            new(PairKind.SemanticallyWrong, Wrong(scene, random)),
            new(PairKind.PartiallyWrong, $"{Own()} and {Wrong(scene, random)}"),
            new(
                PairKind.OffScreen,
                string.Format(
                    System.Globalization.CultureInfo.InvariantCulture, OffScreen[random.Below(OffScreen.Length)], Own(),
                    Wrong(scene, random))),
        };
        Add(PairKind.Consistent, [.. scene.Courses.Where(c => c.True)]);
        Add(PairKind.DynamicallyWrong, [.. scene.Courses.Where(c => !c.True), (Course.Silent, false)]);
        return pairs;

        void Add(PairKind kind, (Course Course, bool)[] courses)
        {
            if (courses.Length == 0)
                return;
            var course = courses[random.Below(courses.Length)].Course;
            pairs.Add(new(kind, $"{Own()}, {Words[course][random.Below(Words[course].Length)]}", course));
        }
    }

    /// <summary>A caption of a kind from another family, or a source that no scene shows.</summary>
    static string Wrong(WatchedScene scene, SplitMix random)
    {
        if (random.Below(3) == 0)
            return Elsewhere[random.Below(Elsewhere.Length)];
        var family = Concepts.OfKind(scene.Kind)?.Family;
        string[] others = [.. SceneCatalog.Kinds.Where(kind => kind != scene.Kind && Concepts.OfKind(kind)?.Family != family)];
        var captions = SceneCatalog.Create(others[random.Below(others.Length)], random.Next()).Captions;
        return captions[random.Below(captions.Count)];
    }
}
