using System.Text.Json;
using Rewas.Clip.Faults;
using Rewas.Protocol.Sounds;
using Rewas.Sound.Curves;
using Rewas.V1;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>What is needed to start a sound, from whichever face.</summary>
static class SoundStart
{
    /// <summary>The file of a request. Sound without a picture gets a black one.</summary>
    public static async Task<string> FileOfAsync(
        SoundStudio.SoundStudioClient studio, ReadSoundRequest request, string key, CancellationToken cancellation) =>
        request.File ?? (await studio.CreateVideoAsync(
            new() { IdempotencyKey = key, FileName = "blank.mp4", BlankSeconds = request.Seconds!.Value },
            cancellationToken: cancellation)).VideoId;

    /// <summary>The order of an earlier sound, with further edits and other options.</summary>
    /// <exception cref="InputFault">A change is wrong, or there are too many edits.</exception>
    public static async Task<SoundOrder> ChangedAsync(StartRenderRequest before, JsonElement changes)
    {
        var order = SoundReader.Changed(SoundView.OrderOf(before), changes);
        order.Edits.AddRange((await SoundReader.EditsOf(changes)).Select(edit => edit.ToMessage()));
        return order.Edits.Count <= SoundReader.MostEdits ? order : throw InputFault.Exhausted(
            "edits", $"at most {SoundReader.MostEdits} are accepted, but there are {order.Edits.Count}");
    }
}
