using Google.Protobuf;
using Google.Protobuf.Reflection;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Callers;

/// <summary>
/// Requests that a caller may make, with a value in one field. What is not known here gets an empty message with the caller's own names, so
/// that methods of tomorrow are called too.
/// </summary>
static class Requests
{
    /// <summary>Requests that get as far as their names are looked up. Submissions break off, so that no job runs.</summary>
    static readonly Dictionary<string, Func<IMessage[]>> Known = new()
    {
        ["rewas.v1.SoundStudio.CreateVideo"] = () => [new CreateVideoRequest { IdempotencyKey = NewKey(), Bytes = 10 }],
        ["rewas.v1.SoundStudio.UploadVideo"] = () => [new UploadVideoRequest { Start = new() }],
        ["rewas.v1.SoundStudio.StartRender"] =
            () => [new StartRenderRequest { IdempotencyKey = NewKey(), Options = new() { Prompt = "rain", Steps = 1 } }],
        ["rewas.v1.SoundStudio.CheckPrompt"] = () => [new CheckPromptRequest { Prompt = "rain" }],
        ["rewas.v1.SoundStudio.EstimateRender"] = () => [new StartRenderRequest { Options = new() { Prompt = "rain", Steps = 1 } }],
        ["rewas.v1.SoundStudio.Export"] = () => [new ExportRequest { Format = "wav" }],
        ["rewas.v1.SoundStudio.MeasureExport"] = () => [new ExportRequest()],
        ["rewas.v1.SoundStudio.CreateProject"] =
            () => [new CreateProjectRequest { IdempotencyKey = NewKey(), Content = new() { Name = "film", Document = "{}" } }],
        ["rewas.v1.SoundStudio.SaveProject"] = () => [new SaveProjectRequest { Content = new() { Name = "film", Document = "{}" } }],
        ["rewas.v1.SoundStudio.ShareProject"] = () => [new ShareProjectRequest { Caller = "carol" }],
        ["rewas.v1.SoundStudio.UnshareProject"] = () => [new UnshareProjectRequest { Caller = "carol" }],
        ["rewas.v1.SoundAgent.CheckConflict"] = () => [new CheckConflictRequest { Prompt = "rain" }],
        ["rewas.v1.SoundAgent.DraftPrompt"] = () => [new DraftPromptRequest { Words = "rain" }],
        ["rewas.v1.SoundAgent.Chat"] = () => [new ChatRequest { Session = "" }],
        ["rewas.v1.Jobs.Submit"] = () =>
        [
            new SubmitRequest { Start = new() { IdempotencyKey = NewKey(), Items = 2 } },
            new SubmitRequest { Item = new() { Format = "wav", Options = new() { Prompt = "rain", Steps = 1 } } },
        ],
    };

    /// <param name="path">The field with the value; empty for none.</param>
    /// <param name="own">Of the caller who asks.</param>
    public static IReadOnlyList<IMessage> Of(MethodDescriptor method, FieldDescriptor[] path, string value, CallersThings own)
    {
        List<IMessage> messages = Known.TryGetValue(method.FullName, out var known)
            ? [.. known()]
            : [method.InputType.Parser.ParseFrom(ByteString.Empty)];
        foreach (var message in messages)
            Fill(message, own.Ids);
        if (path.Length == 0)
            return messages;
        // In a stream the value goes into the message whose part it is; other parts follow what is there.
        var holder = path[0].ContainingOneof is { } choice
            ? messages.Find(message => choice.Accessor.GetCaseFieldDescriptor(message) == path[0])
            : messages[^1];
        if (holder is null)
            messages.Add(holder = method.InputType.Parser.ParseFrom(ByteString.Empty));
        StringFields.Set(holder, path, value);
        return messages;
    }

    /// <summary>Sets the caller's own names in the messages that are there.</summary>
    static void Fill(IMessage message, Dictionary<string, string> ids)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder().Where(field => !field.IsRepeated && !field.IsMap))
        {
            var isChosen = field.ContainingOneof is not { } choice || choice.Accessor.GetCaseFieldDescriptor(message) is not { } chosen
                || chosen == field;
            if (isChosen && field.FieldType == FieldType.String && ids.TryGetValue(field.Name, out var id))
                field.Accessor.SetValue(message, id);
            else if (field.FieldType == FieldType.Message && field.Accessor.GetValue(message) is IMessage inner
                && inner.Descriptor.File.Package == message.Descriptor.File.Package)
                Fill(inner, ids);
        }
    }

    static string NewKey() => Guid.NewGuid().ToString("n");
}
