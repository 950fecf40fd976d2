using System.Text.Json;
using System.Text.Json.Serialization;
using Grpc.Core;
using ModelContextProtocol.Protocol;
using Rewas.Clip.Faults;
using Rewas.Hosting;
using Rewas.Protocol.Sounds;

namespace Rewas.Gateway.Web.Tools;

/// <summary>The answer of a tool: JSON, and links to media. Media are never in the text.</summary>
static class ToolAnswer
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Runs a tool. An expected failure is an answer that the model can read.</summary>
    public static async Task<CallToolResult> OfAsync(Func<Task<(object Data, IReadOnlyList<ResourceLinkBlock> Links)>> tool)
    {
        try
        {
            var (data, links) = await tool();
            var json = JsonSerializer.SerializeToElement(data, Json);
            return new()
            {
                Content = [new TextContentBlock { Text = json.GetRawText() }, .. links],
                StructuredContent = json,
            };
        }
        catch (InputFault fault)
        {
            return Failed(FaultInterceptor.StatusOf(fault.Kind), fault.Message);
        }
        catch (RpcException failure)
        {
            return Failed(failure.StatusCode, failure.Status.Detail);
        }
    }

    public static Task<CallToolResult> OfAsync(Func<Task<object>> tool)
    {
        return OfAsync(WithoutLinks);

        async Task<(object Data, IReadOnlyList<ResourceLinkBlock> Links)> WithoutLinks() => (await tool(), []);
    }

    static CallToolResult Failed(StatusCode status, string detail) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = $"{StatusNames.Of(status)}: {detail}" }],
    };
}
