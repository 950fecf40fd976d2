using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Protocol.Orders;
using Rewas.V1;

namespace Rewas.Text.Words;

/// <summary>
/// Turns an order in a user's words into one that the stages take literally. Every order passes here once: at the maker of a sound, or at
/// the stage if the stage is called alone.
/// </summary>
public static class OrderWords
{
    /// <summary>
    /// A copy of an order with what its words ask for: prompt and negative prompt in English, and the level as an edit of the curve. A
    /// sound that follows no curve has the level itself. :: Step 1: the prompt. :: Step 2: the environment, whose words are its own.
    /// </summary>
    /// <exception cref="InputFault">The words name nothing to hear, or a level that is out of range.</exception>
    public static (SoundOrder Order, PromptWords Words) Understood(SoundOrder asked)
    {
        // :: Step 1
        var order = asked.Clone();
        (order.Options, var words) = Understood(asked.Options);
        if (order.Options.Level != 0 && order.Options.Control is not (ControlNames.TextOnly or ControlNames.Onset))
        {
            order.Edits.Add(new CurveEdit { Gain = new() { Decibels = order.Options.Level } });
            order.Options.Level = 0;
        }

        // :: Step 2
        if (order.Environment is { } environment && asked.Options.Words != WordsNames.Literal)
        {
            var behind = PromptWords.Read(environment.Prompt);
            InputFault.ThrowIfAny([.. behind.Faults(OrderTable.Environment.Name)]);
            environment.Prompt = behind.Prompt;
            var (quietest, loudest) = (OrderTable.EnvironmentGain.Minimum!.Value, OrderTable.EnvironmentGain.Maximum!.Value);
            environment.Decibels = Math.Clamp(environment.Decibels + behind.Decibels, quietest, loudest);
            environment.NegativePrompt = Joined(English(asked.Options.NegativePrompt), behind.Negative);
        }
        OrderCheck.ThrowIfWrong(order);
        return (order, words);
    }

    /// <summary>A copy of the options with what the words of the prompt ask for.</summary>
    /// <exception cref="InputFault">The words name nothing to hear, or a level that is out of range.</exception>
    public static (GenerateOptions Options, PromptWords Words) Understood(GenerateOptions asked)
    {
        var options = asked.Clone();
        options.Words = WordsNames.Literal;
        if (asked.Words == WordsNames.Literal)
            return (options, PromptWords.Literal(asked.Prompt));
        var words = PromptWords.Read(asked.Prompt);
        InputFault.ThrowIfAny([.. words.Faults(OrderTable.Prompt.Name)]);
        options.Prompt = words.Prompt;
        options.NegativePrompt = Joined(English(asked.NegativePrompt), words.Negative);
        options.Level += words.Decibels;
        return (options, words);
    }

    /// <summary>Refuses an order whose words cannot be done, before anything is made.</summary>
    /// <exception cref="InputFault">As <see cref="Understood(SoundOrder)"/>.</exception>
    public static void ThrowIfWrong(SoundOrder order) => Understood(order);

    public static WordsRead ToMessage(this PromptWords words) => new()
    {
        Asked = words.Asked,
        Prompt = words.Prompt,
        Negative = words.Negative,
        Decibels = words.Decibels,
        Language = words.Language,
        Unknown = { words.Unknown },
        Notes = { words.Notes },
        Summary = words.Summary(),
    };

    /// <summary>A text that says what not to hear, in English. It needs no "no", so one is left out.</summary>
    static string English(string negative)
    {
        if (negative.Length == 0)
            return negative;
        var words = PromptWords.Read(negative);
        return words.IsAsWritten || !words.IsRead ? negative
            : Joined(words.Prompt, words.Negative) is { Length: > 0 } text ? text : negative;
    }

    static string Joined(string first, string second) =>
        first.Length == 0 ? second : second.Length == 0 ? first : $"{first}, {second}";
}
