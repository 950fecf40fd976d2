namespace Rewas.Text.Words;

/// <summary>
/// Chinese and Japanese have one word for the calls of all animals: 猫が鳴く, 猫在叫. English has one for each animal.
/// </summary>
static class AnimalCalls
{
    const string Calling = "calling", Voices = "voices";

    static readonly Dictionary<string, string> Of = new(StringComparer.Ordinal)
    {
        ["dog"] = "barking",
        ["cat"] = "meowing",
        ["bird"] = "chirping",
        ["rooster"] = "crowing",
        ["chicken"] = "clucking",
        ["duck"] = "quacking",
        ["goose"] = "honking",
        ["crow"] = "cawing",
        ["owl"] = "hooting",
        ["pigeon"] = "cooing",
        ["horse"] = "neighing",
        ["cow"] = "mooing",
        ["sheep"] = "bleating",
        ["goat"] = "bleating",
        ["pig"] = "grunting",
        ["donkey"] = "braying",
        ["lion"] = "roaring",
        ["tiger"] = "roaring",
        ["bear"] = "growling",
        ["elephant"] = "trumpeting",
        ["wolf"] = "howling",
        ["mouse"] = "squeaking",
        ["snake"] = "hissing",
        ["frog"] = "croaking",
        ["insects"] = "chirping",
        ["crickets"] = "chirping",
    };

    /// <summary>The English of a word that follows another one.</summary>
    public static string After(string before, string word) =>
        word is Calling or Voices && before.Length > 0 && Of.TryGetValue(before[(before.LastIndexOf(' ') + 1)..], out var call)
            ? call : word;
}
