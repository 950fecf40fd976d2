namespace Rewas.Evaluation.PromptChecks;

/// <summary>
/// True prompts in other words than the scenes' captions, so that the reading of prompts is not measured only on its own examples.
/// </summary>
static class ConflictPhrases
{
    static readonly Dictionary<string, string> Phrases = new()
    {
        ["ball"] = "thuds as the ball hits the court",
        ["hammer"] = "clangs of a smith's hammer",
        ["drip"] = "slow drips landing in a basin",
        ["rain"] = "a wet afternoon, raindrops everywhere",
        ["engine"] = "a motor sputtering",
        ["footsteps"] = "a hiker's steps",
        ["drum"] = "percussionist at work",
        ["bell"] = "bells pealing",
        ["clock"] = "tick, tock",
        ["typing"] = "office keyboard noise",
        ["sawing"] = "a rasping saw",
        ["clapping"] = "an audience applauds",
        ["glass"] = "tinkling glasses",
        ["rolling"] = "a marble rolls along the board",
        ["door"] = "the old front door",
        ["stream"] = "a mountain river",
        ["waves"] = "breakers of the ocean",
        ["wind"] = "a stiff breeze",
        ["fire"] = "embers and flames",
        ["fireworks"] = "new year's rockets",
        ["thunder"] = "a violent storm with lightning",
        ["vehicle"] = "busy traffic",
        ["rotor"] = "propeller noise",
        ["train"] = "a locomotive with wagons",
    };

    public static string? Of(string kind) => Phrases.GetValueOrDefault(kind);
}
