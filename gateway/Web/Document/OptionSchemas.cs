using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Rewas.Gateway.Web.Sounds;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;

namespace Rewas.Gateway.Web.Document;

/// <summary>Schemas of the options of an order, made from <see cref="OrderTable"/>, and of edits, made from their forms.</summary>
static class OptionSchemas
{
    /// <summary>Adds the options to the schema of a request that takes them.</summary>
    public static void AddTo(OpenApiSchema schema, Type type)
    {
        if (type != typeof(SoundRequest) && type != typeof(SoundChanges))
            return;
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        foreach (var option in OrderTable.All.Where(option => option.Faces.HasFlag(OptionFaces.Manifest)))
            schema.Properties[option.Name] = Of(option);
        if (schema.Properties.TryGetValue("edits", out var edits) && edits is OpenApiSchema { Items: OpenApiSchema edit })
            edit.Description = string.Join("; ", EditText.Forms.Select(form => $"{form.Name} {form.Argument}: {form.Description}"));
        if (schema.Properties.TryGetValue("curve", out var curve))
            schema.Properties["curve"] = CurveOf(curve.Description);
        schema.AdditionalPropertiesAllowed = false;
    }

    /// <summary>The values alone, or the object of a file of a curve.</summary>
    static OpenApiSchema CurveOf(string? description)
    {
        var values = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Number } };
        return new()
        {
            Description = description,
            OneOf =
            [
                values,
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["unit"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["valuesPerSecond"] = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Number,
                            Enum = [JsonValue.Create(EnergyCurve.ValuesPerSecond)],
                        },
                        ["values"] = values,
                    },
                    Required = new HashSet<string> { "valuesPerSecond", "values" },
                },
            ],
        };
    }

    static OpenApiSchema Of(OrderOption option)
    {
        var schema = new OpenApiSchema
        {
            Type = option.Kind switch
            {
                OptionKind.Flag => JsonSchemaType.Boolean,
                OptionKind.Whole => JsonSchemaType.Integer,
                OptionKind.Number => JsonSchemaType.Number,
                OptionKind.List => JsonSchemaType.Array,
                OptionKind.NumberOrChoice => null,
                OptionKind.Choice when AreNumbers(option) => JsonSchemaType.Integer,
                _ => JsonSchemaType.String,
            },
            Description = Described(option),
        };
        if (option.Kind == OptionKind.Choice)
            schema.Enum = [.. option.Choices.Select(choice => AreNumbers(option)
                ? JsonValue.Create(long.Parse(choice, CultureInfo.InvariantCulture))
                : (JsonNode)JsonValue.Create(choice)!)];
        else if (option.Kind == OptionKind.List)
            (schema.Items, schema.MaxItems) = (new OpenApiSchema { Type = JsonSchemaType.String }, (int?)option.Maximum);
        else if (option.Kind == OptionKind.Text)
            schema.MaxLength = (int?)option.Maximum;
        else if (option.Kind == OptionKind.NumberOrChoice)
            schema.OneOf =
            [
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Number,
                    Minimum = Number(option.Minimum),
                    Maximum = Number(option.Maximum),
                },
                new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. option.Choices.Select(choice => (JsonNode)choice)] },
            ];
        else if (option.Kind is OptionKind.Whole or OptionKind.Number)
        {
            schema.Minimum = Number(option.OrZero ? 0 : option.Minimum);
            schema.Maximum = Number(option.Maximum);
        }
        return schema;
    }

    static bool AreNumbers(OrderOption option) => option.Choices.All(choice => choice.All(char.IsAsciiDigit));

    static string Described(OrderOption option) =>
        string.Join("; ", new[]
        {
            option.Help,
            option == OrderTable.Reference ? "files of this API, by their ids, or recordings of the library: library:SHA256" : "",
            option.OrZero ? option.RangeText : option.Unit,
            option.DefaultShown is { Length: > 0 } usual ? $"default {usual}" : "",
            option.WireName != option.Name ? $"also accepted as {option.WireName}" : "",
        }.Where(part => part.Length > 0));

    static string? Number(double? value) => value?.ToString(CultureInfo.InvariantCulture);
}
