using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Rewas.Client;
using Rewas.Hosting.Access;

namespace Rewas.EndToEnd.Tests.Callers;

/// <summary>Calls any method with messages of any type, as its descriptor says.</summary>
static class AnyCall
{
    static readonly Marshaller<byte[]> AsBytes = new(bytes => bytes, bytes => bytes);

    /// <summary>All methods of all services of the platform.</summary>
    public static IReadOnlyList<MethodDescriptor> Methods { get; } =
    [
        .. typeof(V1.VideoEncoder).Assembly.GetTypes()
            .Select(type => type.GetProperty("Descriptor")?.GetMethod is { IsStatic: true } get
                ? get.Invoke(null, null) as ServiceDescriptor
                : null)
            .OfType<ServiceDescriptor>().SelectMany(service => service.Methods),
    ];

    /// <summary>Sends the messages, closes the requests, and reads all answers.</summary>
    public static async Task<Answer> CallAsync(CallInvoker calls, MethodDescriptor method, IReadOnlyList<IMessage> messages)
    {
        List<IMessage> answers = [];
        try
        {
            var name = new Method<byte[], byte[]>(MethodType.DuplexStreaming, method.Service.FullName, method.Name, AsBytes, AsBytes);
            // All four kinds of call are the same on the wire.
            using var call = new DuplexCall<byte[], byte[]>(
                calls.AsyncDuplexStreamingCall(name, null, new(deadline: DateTime.UtcNow + Wait.Patience)));
            foreach (var message in messages)
                if (!await call.TryWriteAsync(message.ToByteArray(), TestContext.Current.CancellationToken))
                    break;                                                   // it was answered before all was sent
            await call.TryCompleteAsync(TestContext.Current.CancellationToken);
            while (await call.MoveNextAsync(TestContext.Current.CancellationToken))
                answers.Add(method.OutputType.Parser.ParseFrom(call.Current));
            return new(StatusCode.OK, "", answers);
        }
        catch (RpcException failure)
        {
            return new(failure.StatusCode, failure.Status.Detail, answers);
        }
    }

    public static CallInvoker WithKey(this CallInvoker calls, ApiKey key) => calls.Intercept(headers =>
    {
        headers.Add("authorization", $"Bearer {key.Text}");
        return headers;
    });
}

/// <summary>What a call gave.</summary>
sealed record Answer(StatusCode Status, string Detail, IReadOnlyList<IMessage> Messages)
{
    /// <summary>All that the caller can read, as text.</summary>
    public string Text => string.Join('\n', [Detail, .. Messages.Select(message => JsonFormatter.Default.Format(message))]);

    /// <summary>
    /// What must be the same for something that belongs to another caller and for something that never existed: the status, its message,
    /// and which fields the messages have. Their values differ from call to call: new ids, times, samples.
    /// </summary>
    public string Shape(string sent) => string.Join(
        '\n', [$"{Status} {Detail.Replace(sent, "...", StringComparison.Ordinal)}", .. Messages.Select(ShapeOf).Distinct().Order()]);

    static string ShapeOf(IMessage message) => message.Descriptor.Name + " " + string.Join(
        ' ', message.Descriptor.Fields.InFieldNumberOrder().Where(field => field.ContainingOneof is { } choice
            ? choice.Accessor.GetCaseFieldDescriptor(message) == field
            : field.FieldType == FieldType.Message && !field.IsRepeated && field.Accessor.GetValue(message) is not null)
        .Select(field => field.Name));
}
