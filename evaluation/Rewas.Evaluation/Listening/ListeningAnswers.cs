using Rewas.Clip.Faults;

namespace Rewas.Evaluation.Listening;

/// <summary>The answers of one listener, as the page saves them.</summary>
public sealed record ListeningAnswers(string Test, string Kind, string? Participant, IReadOnlyList<ListeningAnswer> Answers)
{
    const long MostBytes = 4 << 20;

    /// <summary>Reads answers and checks them against the key of their test.</summary>
    /// <exception cref="InputFault">The file is missing, no answers, or of another test.</exception>
    public static ListeningAnswers Read(string path, ListeningKey key)
    {
        var read = ListeningKey.Read<ListeningAnswers>(path, "answers", MostBytes);
        if (read.Test != key.Test || read.Kind != key.Kind)
            throw InputFault.Invalid("answers", $"'{path}' is of another test than the key ({key.Test})");
        var trials = key.Trials.ToDictionary(trial => trial.Id);
        foreach (var answer in read.Answers)
        {
            if (!trials.TryGetValue(answer.Trial, out var trial))
                throw InputFault.Invalid("answers", $"'{path}' answers a trial that the test does not have");
            if (key.Kind == "abx" ? answer.X is null || !trial.Sounds.ContainsKey(answer.X)
                : answer.Ratings is null || !answer.Ratings.Keys.Order().SequenceEqual(trial.Sounds.Keys.Order()))
                throw InputFault.Invalid("answers", $"'{path}' does not answer the sounds of trial {answer.Trial}");
            foreach (var rating in answer.Ratings?.Values ?? [])
                InputFault.ThrowUnlessInRange("answers", rating, 0, 100);
        }
        if (read.Answers.GroupBy(answer => answer.Trial).Any(same => same.Count() > 1))
            throw InputFault.Invalid("answers", $"'{path}' answers a trial twice");
        return read;
    }
}

/// <param name="Ratings">MUSHRA: 0 to 100, by the sound's id.</param>
/// <param name="X">A/B/X: the sound that the listener takes X for.</param>
public sealed record ListeningAnswer(string Trial, IReadOnlyDictionary<string, double>? Ratings = null, string? X = null);
