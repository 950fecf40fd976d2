using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.V1;

namespace Rewas.Protocol.Orders;

/// <summary>Checks an order from any source and collects all of its faults.</summary>
public static class OrderCheck
{
    public static IReadOnlyList<InputFault> Faults(SoundOrder order)
    {
        var options = order.Options;
        List<InputFault> faults = [.. OrderTable.All.SelectMany(option => option.Faults(order))];
        if (OrderTable.Prompt.Get(order) is null)
            faults.InsertRange(0, OrderTable.Prompt.TextFaults(""));
        if (order.Environment is not null && OrderTable.Environment.Get(order) is null)
            faults.AddRange(OrderTable.Environment.TextFaults(""));
        if (order.Environment is { Seed: > uint.MaxValue } environment)
            faults.Add(InputFault.Invalid("environment", $"seed must be from 0 to {uint.MaxValue}, but is {environment.Seed}"));
        if (options is { HasGuidanceFrom: true, HasGuidanceTo: true } && options.GuidanceFrom < options.GuidanceTo)
            faults.Add(InputFault.Invalid(
                "guidance-from",
                FormattableString.Invariant($"must not be below guidance-to ({options.GuidanceTo}), but is {options.GuidanceFrom}")));
        if (order is { Format: "flac", Delivery.SampleFormat: { Length: > 0 } samples } && !SampleFormatNames.InFlac.Contains(samples))
            faults.Add(NotInFlac(samples));
        faults.AddRange(StereoCheck.Faults(order.Finish));
        faults.AddRange(ReferenceCheck.Faults(order));
        return faults;
    }

    /// <summary>The fault of a sample format that FLAC cannot hold.</summary>
    public static InputFault NotInFlac(string sampleFormat) => InputFault.Invalid(
        OrderTable.SampleFormat.Name, $"must be {string.Join(" or ", SampleFormatNames.InFlac)} in a .flac, but is {sampleFormat}");

    /// <exception cref="InputFault">Lists every fault.</exception>
    public static void ThrowIfWrong(SoundOrder order)
    {
        if (order.Options is null)
            throw InputFault.Invalid("options", "must be given, but are absent");
        InputFault.ThrowIfAny(Faults(order));
    }

    /// <summary>Checks the options alone, for the stage that receives only them.</summary>
    /// <exception cref="InputFault">Lists every fault.</exception>
    public static void ThrowIfWrong(GenerateOptions options) => ThrowIfWrong(new SoundOrder { Options = options });

    /// <summary>Checks a finish alone.</summary>
    /// <exception cref="InputFault">Lists every fault.</exception>
    public static void ThrowIfWrong(StudioFinish finish)
    {
        var order = new SoundOrder { Finish = finish };
        InputFault.ThrowIfAny([.. OrderTable.All.SelectMany(option => option.Faults(order)), .. StereoCheck.Faults(finish)]);
    }

    /// <exception cref="InputFault">The prompt is empty, too long, or has no word.</exception>
    public static void ThrowIfWrong(string prompt) => ThrowIfWrong(new GenerateOptions { Prompt = prompt });
}
