using System.Text.Json;
using Rewas.Hosting;

namespace Rewas.Gateway.Web.Requests;

/// <summary>A JSON request that has been read. Its bytes are counted until it is disposed.</summary>
sealed class ReadJson(JsonDocument document, SharedBytes.Holding bytes) : IDisposable
{
    public JsonElement RootElement => document.RootElement;

    public void Dispose()
    {
        document.Dispose();
        bytes.Dispose();
    }
}
